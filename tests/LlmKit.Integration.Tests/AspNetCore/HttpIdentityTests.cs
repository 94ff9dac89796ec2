using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using LlmKit.AspNetCore;
using LlmKit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.AspNetCore;

public sealed class HttpIdentityTests
{
    private const int Requests = 200;

    [Test]
    public async Task Requests_OfTwoTenantsAtOnce_NeverMix()
    {
        var seen = new ConcurrentBag<(string Asked, string? Tenant, string? User)>();
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Hi.") with { Delay = TimeSpan.FromMilliseconds(1) }),
            map: app => app.MapGet("/who/{name}", async (string name, IChatClient chat, HttpContext context) =>
            {
                // Without options of its own: the identity is the scope's. The second call comes after the first has waited.
                for (var i = 0; i < 2; i++)
                {
                    var call = (await chat.GetResponseAsync(name)).GetCall();
                    seen.Add((name, call.Tenant, call.User));
                }
            }));

        await Task.WhenAll(Enumerable.Range(0, Requests).Select(async i =>
        {
            var who = (Tenant: i % 2 == 0 ? "acme" : "dune", User: $"u{i}");
            using var response = await rig.GetAsync($"/who/{who.Tenant}-{who.User}", $"{who.Tenant}/{who.User}");
            response.EnsureSuccessStatusCode();
        }));

        Assert.That(seen, Has.Count.EqualTo(2 * Requests));
        Assert.That(seen.Where(one => one.Asked != $"{one.Tenant}-{one.User}"), Is.Empty);
    }

    [Test]
    public async Task Request_OfNobody_HasNeitherTenantNorUser()
    {
        await using var rig = await WhoAsync();

        Assert.That(await WhoAsync(rig, who: null), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(await WhoAsync(rig, "acme/ada"), Is.EqualTo(("acme", "ada")));
    }

    [Test]
    public async Task Request_NamesATenantInAHeader_IsNotBelieved()
    {
        await using var rig = await WhoAsync();
        rig.Client.DefaultRequestHeaders.Add("X-Tenant", "dune");
        rig.Client.DefaultRequestHeaders.Add("Tenant", "dune");

        Assert.That(await WhoAsync(rig, who: null), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task Request_HeadersAreTrusted_AreTaken()
    {
        await using var rig = await WhoAsync(o => o.FromHeader("X-Tenant", "X-User"));
        rig.Client.DefaultRequestHeaders.Add("X-Tenant", "dune");
        rig.Client.DefaultRequestHeaders.Add("X-User", ["u1", "u2"]);

        Assert.That(await WhoAsync(rig, "acme/ada"), Is.EqualTo(("dune", (string?)null)), "A user that is named twice is nobody.");
    }

    [TestCase("k-1", "k-1")]
    [TestCase("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [TestCase(null, null)]
    public async Task Request_WithAKey_PassesItOn(string? header, string? key)
    {
        await using var rig = await WhoAsync();

        using var response = await rig.GetAsync("/key", key: header);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(key ?? "none"));
    }

    [TestCase("")]
    [TestCase("\"\"")]
    [TestCase("two words")]
    [TestCase("a,b")]
    [TestCase("inner\"quote")]
    [TestCase("back\\slash")]
    [TestCase("256")]
    public async Task Request_WithAMalformedKey_Is400BeforeTheEndpoint(string header)
    {
        await using var rig = await WhoAsync();

        using var response = await rig.GetAsync("/key", key: header == "256" ? new string('k', 256) : header);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo("urn:llmkit:problem:invalid-idempotency-key"));
    }

    [Test]
    public async Task Requests_WithOneKeyOfOneUser_AreAskedOnce()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Hi."));
        await using var rig = await WebRig.StartAsync(model, p => p.UseIdempotency());

        foreach (var who in new[] { "acme/ada", "acme/ada", "acme/bo", "dune/ada" })
        {
            using var response = await rig.GetAsync("/plain", who, key: "k1");
            response.EnsureSuccessStatusCode();
        }

        Assert.That(model.Requests, Has.Count.EqualTo(3), "A key belongs to one user of one tenant.");
    }

    private static Task<WebRig> WhoAsync(Action<LlmHttpIdentityOptions>? identity = null) => WebRig.StartAsync(
        new ScriptedChatClient(ScriptedAnswer.Text("Hi.")),
        services: services => services.AddLlmHttpIdentity(identity),
        map: app =>
        {
            app.MapGet("/who", async (IChatClient chat) => (await chat.GetResponseAsync("Hello.")).GetCall() is var call ? $"{call.Tenant}|{call.User}" : "");
            app.MapGet("/key", (HttpContext context) => LlmHttp.OptionsFor(context).IdempotencyKey ?? "none");
        });

    private static async Task<(string? Tenant, string? User)> WhoAsync(WebRig rig, string? who)
    {
        using var response = await rig.GetAsync("/who", who);
        var parts = (await response.Content.ReadAsStringAsync()).Split('|');
        return (parts[0] is "" ? null : parts[0], parts[1] is "" ? null : parts[1]);
    }
}
