using LlmKit.Integration.Tests.Support;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator.Faults;

public sealed class RefusalTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1_500);

    private static IEnumerable<TestCaseData> OpenAICases =>
    [
        new(Fault.RateLimited(), 429, "rate_limit_exceeded"),
        new(Fault.QuotaExhausted(), 429, "insufficient_quota"),
        new(Fault.RequestTimeout(), 408, "timeout"),
        new(Fault.Conflict(), 409, null),
        new(Fault.ServerError(), 500, null),
        new(Fault.Unavailable(), 503, null),
        new(Fault.Overloaded(), 529, null),
        new(Fault.Unauthorized(), 401, "invalid_api_key"),
        new(Fault.ModelNotFound(), 404, "model_not_found"),
        new(Fault.InvalidRequest(), 400, "unsupported_value"),
        new(Fault.ContextLengthExceeded(), 400, "context_length_exceeded"),
        new(Fault.PromptFiltered(), 400, "content_filter"),
    ];

    private static IEnumerable<TestCaseData> AnthropicCases =>
    [
        new(Fault.RateLimited(), 429, "rate_limit_error", ""),
        new(Fault.QuotaExhausted(), 400, "invalid_request_error", "credit balance is too low"),
        new(Fault.RequestTimeout(), 408, "timeout_error", ""),
        new(Fault.Conflict(), 409, "conflict_error", ""),
        new(Fault.ServerError(), 500, "api_error", ""),
        new(Fault.Unavailable(), 503, "api_error", ""),
        new(Fault.Overloaded(), 529, "overloaded_error", "Overloaded"),
        new(Fault.Unauthorized(), 401, "authentication_error", "invalid x-api-key"),
        new(Fault.ModelNotFound(), 404, "not_found_error", "model: strong"),
        new(Fault.InvalidRequest(), 400, "invalid_request_error", "temperature"),
        new(Fault.ContextLengthExceeded(), 400, "invalid_request_error", "prompt is too long"),
        new(Fault.PromptFiltered(), 400, "invalid_request_error", "content filtering"),
    ];

    private static IEnumerable<TestCaseData> AzureCases =>
    [
        new(Fault.RateLimited(), 429, "429"),
        new(Fault.RequestTimeout(), 408, "Timeout"),
        new(Fault.Unauthorized(), 401, "401"),
        new(Fault.ModelNotFound(), 404, "DeploymentNotFound"),
        new(Fault.PromptFiltered(), 400, "content_filter"),
    ];

    [TestCaseSource(nameof(OpenAICases))]
    public async Task OpenAI_Fault_GivesStatusAndCodeAndBillsNothing(Fault fault, int status, string? code)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That((string?)(await RawClient.JsonAsync(response))["error"]!["code"], Is.EqualTo(code));
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
        Assert.That(simulator.Requests.Count("small", RequestOutcome.Refused), Is.EqualTo(1));
        Assert.That(simulator.Requests.CountFaults(fault.Kind), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(AnthropicCases))]
    public async Task Anthropic_Fault_GivesStatusAndTypeAndBillsNothing(Fault fault, int status, string type, string message)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        using var client = new RawClient(simulator);

        var response = await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: true));
        var error = (await RawClient.JsonAsync(response))["error"]!;

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That((string?)error["type"], Is.EqualTo(type));
        Assert.That((string?)error["message"], Does.Contain(message));
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
    }

    [TestCaseSource(nameof(AzureCases))]
    public async Task Azure_Fault_GivesItsOwnCodes(Fault fault, int status, string code)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        using var client = new RawClient(simulator);

        var response = await client.PostAsync("openai/deployments/d/chat/completions?api-version=1", RawClient.OpenAI("hi"));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That((string?)(await RawClient.JsonAsync(response))["error"]!["code"], Is.EqualTo(code));
    }

    [TestCase(RetryAfterForm.Seconds, "Retry-After", "2")]
    [TestCase(RetryAfterForm.HttpDate, "Retry-After", "Mon, 04 May 2026 12:00:01 GMT")]
    [TestCase(RetryAfterForm.PastDate, "Retry-After", "Mon, 04 May 2026 11:59:58 GMT")]
    [TestCase(RetryAfterForm.Words, "Retry-After", "in a moment")]
    [TestCase(RetryAfterForm.Milliseconds, "retry-after-ms", "1500")]
    [TestCase(RetryAfterForm.LimitReset, "x-ratelimit-reset-tokens", "0m1.5s")]
    [TestCase(RetryAfterForm.LimitReset, "x-ratelimit-remaining-tokens", "0")]
    [TestCase(RetryAfterForm.LimitReset, "x-ratelimit-reset-requests", "0m1s")]
    [TestCase(RetryAfterForm.LimitReset, "x-ratelimit-remaining-requests", "59")]
    public async Task RateLimited_RetryAfter_IsSaidInItsForm(RetryAfterForm form, string header, string value)
    {
        await using var simulator = await Sample.StartAsync(options =>
        {
            options.TimeProvider = new InstantTime();
            options.Faults.Always(Fault.RateLimited(Soon, form));
        });
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI("hi"));

        Assert.That(response.Headers.NonValidated[header].ToString(), Is.EqualTo(value));
    }

    private static IEnumerable<TestCaseData> Gateways => [new(Fault.BadGateway(), 502), new(Fault.GatewayTimeout(), 504)];

    [TestCaseSource(nameof(Gateways))]
    public async Task Gateway_Fault_IsAPageWithoutTheProvidersHeaders(Fault fault, int status)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        using var client = new RawClient(simulator);

        var openAI = await client.OpenAIAsync(RawClient.OpenAI("hi", stream: true));
        var anthropic = await client.AnthropicAsync(RawClient.Anthropic("hi"));

        Assert.That(new[] { (int)openAI.StatusCode, (int)anthropic.StatusCode }, Is.All.EqualTo(status));
        Assert.That(openAI.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
        Assert.That(await openAI.Content.ReadAsStringAsync(), Does.StartWith("<html>").And.EqualTo(await anthropic.Content.ReadAsStringAsync()));
        Assert.That(openAI.Headers.NonValidated.Contains("x-request-id"), Is.False);
        Assert.That(simulator.Requests.Count(RequestOutcome.Refused), Is.EqualTo(2));
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
    }

    [Test]
    public async Task Embeddings_Fault_IsRefusedToo()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.OnModel("embed", Fault.RateLimited()));
        using var client = new RawClient(simulator);

        var response = await client.PostAsync("v1/embeddings", """{"model":"embed","input":"refund"}""");

        Assert.That((int)response.StatusCode, Is.EqualTo(429));
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
    }

    [Test]
    public async Task Model_NotAmongThoseThatExist_Is404()
    {
        await using var simulator = await Sample.StartAsync(options => options.Models.Add("large"));
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI("hi", model: "small"));

        Assert.That((int)response.StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task ContextWindow_LongerInput_IsRefusedWithTheProvidersError()
    {
        await using var simulator = await Sample.StartAsync(options => options.ContextWindows["small"] = 5);
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question));

        Assert.That((string?)(await RawClient.JsonAsync(response))["error"]!["message"], Does.Contain("maximum context length is 5 tokens"));
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
    }
}
