using Anthropic.Exceptions;
using LlmKit.Anthropic.Failures;
using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Anthropic;

public sealed class AnthropicFailureTests
{
    private static IEnumerable<TestCaseData> Answers()
    {
        TestCaseData Case(int status, string type, ModelFailureKind kind, string message = "x") => new(status, AnthropicWire.Error(type, message), kind, type);

        yield return Case(400, "invalid_request_error", ModelFailureKind.InvalidRequest);
        yield return Case(400, "invalid_request_error", ModelFailureKind.ContextLengthExceeded, "prompt is too long: 200001 tokens > 200000 maximum");
        yield return Case(400, "invalid_request_error", ModelFailureKind.ContextLengthExceeded, "input length and `max_tokens` exceed context limit");
        yield return Case(400, "invalid_request_error", ModelFailureKind.QuotaExhausted, "Your credit balance is too low to access the API");
        yield return Case(400, "invalid_request_error", ModelFailureKind.QuotaExhausted, "You have reached your specified API usage limits. You will regain access on 2026-01-01 at 00:00 UTC.");
        yield return Case(400, "invalid_request_error", ModelFailureKind.ContentFiltered, "Output blocked by content filtering policy");
        yield return Case(401, "authentication_error", ModelFailureKind.Unauthorized);
        yield return Case(402, "billing_error", ModelFailureKind.QuotaExhausted);
        yield return Case(403, "permission_error", ModelFailureKind.Unauthorized);
        yield return Case(404, "not_found_error", ModelFailureKind.ModelNotFound);
        yield return Case(413, "request_too_large", ModelFailureKind.InvalidRequest);
        yield return Case(429, "rate_limit_error", ModelFailureKind.RateLimited);
        yield return Case(500, "api_error", ModelFailureKind.Transient);
        yield return Case(503, "api_error", ModelFailureKind.Overloaded);
        yield return Case(504, "timeout_error", ModelFailureKind.Timeout);
        yield return Case(529, "overloaded_error", ModelFailureKind.Overloaded);
        yield return new(502, "<html>", ModelFailureKind.Transient, null);
        yield return new(418, "", ModelFailureKind.InvalidRequest, null);
    }

    [TestCaseSource(nameof(Answers))]
    public async Task Classify_ErrorAnswer_GoesByTypeThenStatus(int status, string body, ModelFailureKind kind, string? code)
    {
        var plain = Classify(await FailureOfAsync(CannedWire.Answering(body, status)));
        var streamed = Classify(await FailureOfStreamAsync(CannedWire.Answering(body, status)));

        Assert.That(plain, Is.EqualTo(new ModelFailure { Kind = kind, Status = status, ProviderCode = code }));
        Assert.That(streamed, Is.EqualTo(plain));
    }

    [TestCase("overloaded_error", ModelFailureKind.Overloaded)]
    [TestCase("rate_limit_error", ModelFailureKind.RateLimited)]
    [TestCase("api_error", ModelFailureKind.Transient)]
    [TestCase("a_new_error", ModelFailureKind.Transient)]
    public async Task Classify_ErrorEventInAStream_GoesByItsType(string type, ModelFailureKind kind)
    {
        var exception = await FailureOfStreamAsync(CannedWire.Streaming(AnthropicWire.Start + AnthropicWire.Text("half") + AnthropicWire.Event("error", AnthropicWire.Error(type))));

        Assert.That(exception, Is.TypeOf<AnthropicSseException>());
        Assert.That(Classify(exception), Is.EqualTo(new ModelFailure { Kind = kind, ProviderCode = type }));
    }

    [TestCase("invalid_request_error", "x", ModelFailureKind.InvalidRequest)]
    [TestCase("invalid_request_error", "prompt is too long: 200001 tokens > 200000 maximum", ModelFailureKind.ContextLengthExceeded)]
    [TestCase("request_too_large", "x", ModelFailureKind.InvalidRequest)]
    [TestCase("authentication_error", "x", ModelFailureKind.Unauthorized)]
    [TestCase("permission_error", "x", ModelFailureKind.Unauthorized)]
    [TestCase("not_found_error", "x", ModelFailureKind.ModelNotFound)]
    [TestCase("billing_error", "x", ModelFailureKind.QuotaExhausted)]
    [TestCase("rate_limit_error", "x", ModelFailureKind.RateLimited)]
    [TestCase("overloaded_error", "x", ModelFailureKind.Overloaded)]
    [TestCase("timeout_error", "x", ModelFailureKind.Timeout)]
    [TestCase("api_error", "x", ModelFailureKind.Transient)]
    public async Task Classify_ErrorBehindAnOk_GoesByItsTypePlainAndStreamed(string type, string message, ModelFailureKind kind)
    {
        var error = AnthropicWire.Error(type, message);

        var plain = Classify(await FailureOfAsync(CannedWire.Answering(error)));
        var streamed = Classify(await FailureOfStreamAsync(CannedWire.Streaming(AnthropicWire.Event("error", error))));

        Assert.That(plain, Is.EqualTo(new ModelFailure { Kind = kind, ProviderCode = type }));
        Assert.That(streamed, Is.EqualTo(plain));
    }

    [TestCase("{}")]
    [TestCase("{\"error\":null}")]
    [TestCase("{\"error\":\"secret\"}")]
    [TestCase("{\"error\":{\"type\":\"you said: secret\"}}")]
    public async Task Classify_AnswerThatIsNone_IsTransientAndQuotesNothing(string body)
    {
        var exception = await FailureOfAsync(CannedWire.Answering(body));

        Assert.That(Classify(exception), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.Transient }));
        Assert.That(exception.ToString(), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Classify_ErrorBehindAnOkThatIsTooLongToKeep_IsTransient()
    {
        var exception = await FailureOfAsync(CannedWire.Answering(AnthropicWire.Error("invalid_request_error", new('x', 100_000))));

        Assert.That(Classify(exception), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.Transient }));
    }

    [Test]
    public async Task GetResponseAsync_AnswerLongerThanWhatIsKept_IsWhole()
    {
        var text = new string('x', 100_000);
        var wire = CannedWire.Answering(AnthropicWire.Message(content: $$"""[{"type":"text","text":"{{text}}"}]"""));

        Assert.That((await AnthropicWire.Client(wire).GetResponseAsync("hi")).Text, Is.EqualTo(text));
    }

    [Test]
    public async Task Classify_NonsenseInAStream_IsTransient()
    {
        var exception = await FailureOfStreamAsync(CannedWire.Streaming(AnthropicWire.Start + "event: content_block_delta\ndata: {\"type\":\n\n"));

        Assert.That(Classify(exception)!.Kind, Is.EqualTo(ModelFailureKind.Transient));
    }

    [Test]
    public async Task Classify_ConnectionRefused_IsLeftToPlainHttp()
    {
        var exception = await FailureOfAsync(CannedWire.Throwing(new HttpRequestException("refused")));

        Assert.That(exception, Is.TypeOf<AnthropicIOException>().With.InnerException.TypeOf<HttpRequestException>());
        Assert.That(Classify(exception), Is.Null);
    }

    [TestCase("retry-after", "7", 7000)]
    [TestCase("retry-after-ms", "1500", 1500)]
    [TestCase("retry-after", "Tue, 10 Mar 2026 12:00:30 GMT", 30000)]
    public async Task Classify_RetryAfter_IsTheWait(string header, string value, int milliseconds)
    {
        var plain = Classify(await FailureOfAsync(Overloaded(header, value)));
        var streamed = Classify(await FailureOfStreamAsync(Overloaded(header, value)));

        Assert.That(plain!.RetryAfter, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(streamed!.RetryAfter, Is.EqualTo(plain.RetryAfter));
    }

    [Test]
    public async Task Classify_LimitThatSaysWhenItBeginsAnew_IsTheWaitUntilThen()
    {
        var wire = CannedWire.Answering(
            AnthropicWire.Error("rate_limit_error"),
            429,
            headers: [("anthropic-ratelimit-input-tokens-reset", "2026-03-10T12:00:30Z"), ("anthropic-ratelimit-input-tokens-remaining", "0")]);

        Assert.That(Classify(await FailureOfAsync(wire))!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(Classify(await FailureOfStreamAsync(wire))!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [TestCase("soon")]
    [TestCase("-1")]
    [TestCase("Tue, 10 Mar 2026 11:00:00 GMT")]
    public async Task Classify_UnusableRetryAfter_IsNull(string value) =>
        Assert.That(Classify(await FailureOfAsync(Overloaded("retry-after", value)))!.RetryAfter, Is.Null);

    [Test]
    public async Task Classify_ConcurrentCallsOnOneClient_KeepTheirOwnRetryAfter()
    {
        var client = AnthropicWire.Client(CannedWire.CountingUp(number => (429, "{}", [("retry-after", $"{number}")])));

        var failures = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? FailureOfAsync(client) : FailureOfStreamAsync(client)));

        var waits = failures.Select(f => (int)Classify(f)!.RetryAfter!.Value.TotalSeconds).Order();
        Assert.That(waits, Is.EqualTo(Enumerable.Range(1, 200)));
    }

    [Test]
    public async Task GetResponseAsync_KeyEchoedByTheServer_IsInNoMessage()
    {
        var body = AnthropicWire.Error("authentication_error", "invalid key " + AnthropicWire.Key);

        var plain = await FailureOfAsync(CannedWire.Answering(body, 401, headers: ("retry-after", "3")));
        var streamed = await FailureOfStreamAsync(CannedWire.Answering(body, 401));

        Assert.That(new[] { plain.ToString(), streamed.ToString() }, Has.None.Contains(AnthropicWire.Key));
        Assert.That(plain, Is.TypeOf<AnthropicUnauthorizedException>());
        Assert.That(Classify(plain)!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task GetResponseAsync_Overloaded_IsTriedOnce()
    {
        var wire = Overloaded("retry-after", "1");

        await FailureOfAsync(wire);

        Assert.That(wire.Requests, Is.EqualTo(1));
    }

    [Test]
    public void Classify_AnybodyElsesException_IsNull() =>
        Assert.That(Classify(new InvalidOperationException("bug")), Is.Null);

    private static CannedWire Overloaded(string header, string value) =>
        CannedWire.Answering(AnthropicWire.Error("overloaded_error"), 529, headers: (header, value));

    private static ModelFailure? Classify(Exception exception) => FailureNotes.Find(exception);

    private static Task<Exception> FailureOfAsync(CannedWire wire) => FailureOfAsync(AnthropicWire.Client(wire));

    private static Task<Exception> FailureOfStreamAsync(CannedWire wire) => FailureOfStreamAsync(AnthropicWire.Client(wire));

    private static async Task<Exception> FailureOfAsync(IChatClient client)
    {
        try
        {
            await client.GetResponseAsync("hi");
        }
        catch (Exception e)
        {
            return e;
        }

        throw new AssertionException("Nothing was thrown.");
    }

    private static async Task<Exception> FailureOfStreamAsync(IChatClient client)
    {
        try
        {
            await foreach (var _ in client.GetStreamingResponseAsync("hi"))
            {
            }
        }
        catch (Exception e)
        {
            return e;
        }

        throw new AssertionException("Nothing was thrown.");
    }
}
