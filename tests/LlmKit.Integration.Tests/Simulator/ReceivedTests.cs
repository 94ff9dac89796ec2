using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class ReceivedTests
{
    [Test]
    public async Task Received_Request_KeepsBodyAndHeaderNamesButNoKey()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        await client.OpenAIAsync(RawClient.OpenAI("my card is 1234"));

        var received = simulator.Received.Single();
        Assert.That(received.Body, Does.Contain("my card is 1234"));
        Assert.That((received.Model, received.Path, received.Number), Is.EqualTo(("small", "/v1/chat/completions", 1L)));
        Assert.That(received.HeaderNames, Does.Contain("Authorization"));
        Assert.That(received.ToString(), Does.Not.Contain(Sample.Key));
    }

    [TestCase("""{"model":"small","messages":[{"role":"user","content":"J\u00fcrgen"}]}""", Description = "escaped")]
    [TestCase("""{"model":"small","messages":[{"role":"user","content":"x","tool_calls":"{\"name\":\"J\\u00fcrgen\"}"}]}""", Description = "escaped twice")]
    public async Task Contains_EscapedText_IsFound(string body)
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        await client.OpenAIAsync(body);

        Assert.That(simulator.Received.Contains("Jürgen"), Is.True);
        Assert.That(simulator.Received.Contains("Joerg"), Is.False);
    }

    [Test]
    public async Task Received_MoreThanCapacity_DropsTheOldestAndCountsThem()
    {
        await using var simulator = await Sample.StartAsync(options => options.ReceivedCapacity = 2);
        using var client = new RawClient(simulator);

        foreach (var text in new[] { "one", "two", "three" })
            await client.OpenAIAsync(RawClient.OpenAI(text));

        Assert.That(simulator.Received.Select(request => request.Number), Is.EqualTo(new[] { 2L, 3L }));
        Assert.That(simulator.Received.Dropped, Is.EqualTo(1));
    }
}
