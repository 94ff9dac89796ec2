using System.ClientModel;
using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIFailureTests
{
    private static IEnumerable<TestCaseData> Answers()
    {
        TestCaseData Case(string name, int status, string body, ModelFailureKind kind, string? code) =>
            new TestCaseData(status, body, kind, code).SetArgDisplayNames(name);

        yield return Case("OpenAI rate limit", 429, """{"error":{"message":"Rate limit reached for gpt on tokens per min","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""", ModelFailureKind.RateLimited, "rate_limit_exceeded");
        yield return Case("OpenAI quota", 429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""", ModelFailureKind.QuotaExhausted, "insufficient_quota");
        yield return Case("OpenAI hard limit", 400, """{"error":{"message":"Billing hard limit has been reached","type":"billing_limit_user_error","code":"billing_hard_limit_reached"}}""", ModelFailureKind.QuotaExhausted, "billing_hard_limit_reached");
        yield return Case("OpenAI context", 400, """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", ModelFailureKind.ContextLengthExceeded, "context_length_exceeded");
        yield return Case("OpenAI filter", 400, """{"error":{"message":"x","type":"invalid_request_error","code":"content_policy_violation"}}""", ModelFailureKind.ContentFiltered, "content_policy_violation");
        yield return Case("OpenAI key", 401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}""", ModelFailureKind.Unauthorized, "invalid_api_key");
        yield return Case("OpenAI region", 403, """{"error":{"message":"Country not supported","type":"request_forbidden","code":"unsupported_country_region_territory"}}""", ModelFailureKind.Unauthorized, "unsupported_country_region_territory");
        yield return Case("OpenAI model", 404, """{"error":{"message":"The model does not exist","type":"invalid_request_error","code":"model_not_found"}}""", ModelFailureKind.ModelNotFound, "model_not_found");
        yield return Case("OpenAI request", 400, """{"error":{"message":"Unknown parameter","type":"invalid_request_error","code":null}}""", ModelFailureKind.InvalidRequest, "invalid_request_error");
        yield return Case("OpenAI server", 500, """{"error":{"message":"The server had an error","type":"server_error","code":null}}""", ModelFailureKind.Transient, "server_error");
        yield return Case("OpenAI overloaded", 503, """{"error":{"message":"Slow down","type":"service_unavailable_error","code":"slow_down"}}""", ModelFailureKind.Overloaded, "slow_down");
        yield return Case("Azure filter", 400, """{"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", ModelFailureKind.ContentFiltered, "content_filter");
        yield return Case("Azure deployment", 404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist"}}""", ModelFailureKind.ModelNotFound, "DeploymentNotFound");
        yield return Case("Azure rate limit", 429, """{"error":{"code":"429","message":"Requests have exceeded the token rate limit"}}""", ModelFailureKind.RateLimited, null);
        yield return Case("Azure capacity", 429, """{"error":{"code":"NoCapacity","message":"high demand"}}""", ModelFailureKind.Overloaded, "NoCapacity");
        yield return Case("Azure key", 401, """{"error":{"code":"401","message":"Access denied due to invalid subscription key"}}""", ModelFailureKind.Unauthorized, null);
        yield return Case("vLLM context, old", 400, """{"object":"error","message":"This model's maximum context length is 4096 tokens","type":"BadRequestError","param":null,"code":400}""", ModelFailureKind.ContextLengthExceeded, "BadRequestError");
        yield return Case("vLLM model", 404, """{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}}""", ModelFailureKind.ModelNotFound, "NotFoundError");
        yield return Case("Ollama model", 404, """{"error":{"message":"model \"x\" not found, try pulling it first","type":"api_error","param":null,"code":null}}""", ModelFailureKind.ModelNotFound, "api_error");
        yield return Case("Ollama native", 500, """{"error":"model runner has unexpectedly stopped"}""", ModelFailureKind.Transient, null);
        yield return Case("llama.cpp context", 400, """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}""", ModelFailureKind.ContextLengthExceeded, "exceed_context_size_error");
        yield return Case("llama.cpp loading", 503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""", ModelFailureKind.Overloaded, "unavailable_error");
        yield return Case("OpenRouter credits", 402, """{"error":{"code":402,"message":"Insufficient credits"}}""", ModelFailureKind.QuotaExhausted, null);
        yield return Case("OpenRouter moderation", 403, """{"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"],"flagged_input":"x"}}}""", ModelFailureKind.ContentFiltered, null);
        yield return Case("OpenRouter down", 502, """{"error":{"code":502,"message":"Provider returned error"}}""", ModelFailureKind.Transient, null);
        yield return Case("Gemini rate limit", 429, """[{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}]""", ModelFailureKind.RateLimited, "RESOURCE_EXHAUSTED");
        yield return Case("Rate limit that speaks of context", 429, """{"error":{"message":"too many tokens for your context window tier"}}""", ModelFailureKind.RateLimited, null);
        yield return Case("A sentence as code", 400, """{"error":{"message":"x","code":"you said: secret"}}""", ModelFailureKind.InvalidRequest, null);
        yield return Case("HTML", 502, "<html>", ModelFailureKind.Transient, null);
        yield return Case("Nothing", 408, "", ModelFailureKind.Timeout, null);
        yield return Case("JSON that is no object", 503, "7", ModelFailureKind.Overloaded, null);
        yield return Case("An error that is null", 500, """{"error":null}""", ModelFailureKind.Transient, null);
    }

    [TestCaseSource(nameof(Answers))]
    public async Task Classify_ErrorAnswer_GoesByCodeThenStatus(int status, string body, ModelFailureKind kind, string? code)
    {
        var plain = Classify(await FailureOfAsync(CannedWire.Answering(body, status)));
        var streamed = Classify(await FailureOfStreamAsync(CannedWire.Answering(body, status)));

        Assert.That(plain, Is.EqualTo(new ModelFailure { Kind = kind, Status = status, ProviderCode = code }));
        Assert.That(streamed, Is.EqualTo(plain));
    }

    [TestCase("retry-after", "7", 7000)]
    [TestCase("retry-after-ms", "1500", 1500)]
    [TestCase("retry-after", "Tue, 10 Mar 2026 12:00:30 GMT", 30000)]
    [TestCase("x-ratelimit-reset-tokens", "6m0s", 360000)]
    public async Task Classify_RetryAfter_IsTheWait(string header, string value, int milliseconds)
    {
        var plain = Classify(await FailureOfAsync(CannedWire.Answering("{}", 429, headers: (header, value))));
        var streamed = Classify(await FailureOfStreamAsync(CannedWire.Answering("{}", 429, headers: (header, value))));

        Assert.That(plain!.RetryAfter, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.That(streamed!.RetryAfter, Is.EqualTo(plain.RetryAfter));
    }

    [TestCase("\"1773144030500\"")]
    [TestCase("1773144030500")]
    public async Task Classify_LimitThatTheBodyTellsOf_IsTheWaitUntilItBeginsAnew(string reset)
    {
        var body = RouterLimit(429, $$"""{"X-RateLimit-Limit":"20","X-RateLimit-Remaining":"0","X-RateLimit-Reset":{{reset}}}""");

        Exception[] failures =
        [
            await FailureOfAsync(CannedWire.Answering(body, 429)),
            await FailureOfStreamAsync(CannedWire.Answering(body, 429)),
            await FailureOfAsync(CannedWire.Answering(body)),
            await FailureOfStreamAsync(CannedWire.Streaming($"data: {body}\n\n")),
        ];

        Assert.That(failures.Select(Classify), Is.All.EqualTo(new ModelFailure { Kind = ModelFailureKind.RateLimited, Status = 429, RetryAfter = TimeSpan.FromSeconds(30.5) }));
    }

    [Test]
    public async Task Classify_HeadersThatSayWhen_GoBeforeTheBody()
    {
        var body = RouterLimit(429, """{"X-RateLimit-Reset":"1773144030500"}""");

        var failure = Classify(await FailureOfAsync(CannedWire.Answering(body, 429, headers: ("retry-after", "7"))));

        Assert.That(failure!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [TestCase(429, "null")]
    [TestCase(429, "\"X-RateLimit-Reset\"")]
    [TestCase(429, "{\"X-RateLimit-Reset\":[\"1773144030500\"]}")]
    [TestCase(429, "{\"X-RateLimit-Reset\":\"soon\"}")]
    [TestCase(502, "{\"X-RateLimit-Reset\":\"1773144030500\"}")]
    public async Task Classify_BodyThatTellsOfNoLimit_IsNoWait(int status, string headers) =>
        Assert.That(Classify(await FailureOfAsync(CannedWire.Answering(RouterLimit(status, headers), status)))!.RetryAfter, Is.Null);

    [TestCase("soon")]
    [TestCase("-1")]
    [TestCase("Tue, 10 Mar 2026 11:00:00 GMT")]
    public async Task Classify_UnusableRetryAfter_IsNull(string value)
    {
        var plain = Classify(await FailureOfAsync(CannedWire.Answering("{}", 429, headers: ("retry-after", value))));
        var streamed = Classify(await FailureOfStreamAsync(CannedWire.Answering("{}", 429, headers: ("retry-after", value))));

        Assert.That(new[] { plain!.RetryAfter, streamed!.RetryAfter }, Is.All.Null);
    }

    [Test]
    public async Task Classify_ConnectionRefused_IsLeftToPlainHttp()
    {
        var exception = await FailureOfAsync(CannedWire.Throwing(new HttpRequestException("refused")));

        Assert.That(exception, Is.InstanceOf<ClientResultException>());
        Assert.That(exception.InnerException, Is.InstanceOf<HttpRequestException>());
        Assert.That(Classify(exception), Is.Null);
    }

    [TestCase("data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n", ModelFailureKind.Transient, "server_error", null)]
    [TestCase("data: {\"error\":{\"message\":\"x\",\"code\":502}}\n\n", ModelFailureKind.Transient, null, 502)]
    [TestCase("data: {\"error\":{\"message\":\"x\",\"code\":429}}\n\n", ModelFailureKind.RateLimited, null, 429)]
    [TestCase("data: {\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}}\n\n", ModelFailureKind.RateLimited, "rate_limit_exceeded", null)]
    [TestCase("data: {\"error\":{\"message\":\"x\",\"code\":\"content_filter\"}}\n\n", ModelFailureKind.ContentFiltered, "content_filter", null)]
    [TestCase("data: <html>\n\n", ModelFailureKind.Transient, null, null)]
    public async Task Classify_ErrorInAStream_GoesByItsBody(string evt, ModelFailureKind kind, string? code, int? status)
    {
        var exception = await FailureOfStreamAsync(CannedWire.Streaming(OpenAIWire.TextChunk("half") + evt + OpenAIWire.Done));

        Assert.That(Classify(exception), Is.EqualTo(new ModelFailure { Kind = kind, ProviderCode = code, Status = status }));
    }

    private static IEnumerable<TestCaseData> ReportedErrors()
    {
        TestCaseData Case(string name, string error, ModelFailureKind kind, string? code = null) =>
            new TestCaseData(error, kind, code).SetArgDisplayNames(name);

        yield return Case("Context in a sentence", """{"message":"This model's maximum context length is 4096 tokens","type":"invalid_request_error","code":null}""", ModelFailureKind.ContextLengthExceeded, "invalid_request_error");
        yield return Case("OpenAI request", """{"message":"Unknown parameter","type":"invalid_request_error","code":null}""", ModelFailureKind.InvalidRequest, "invalid_request_error");
        yield return Case("OpenAI key", """{"message":"x","type":"invalid_request_error","code":"invalid_api_key"}""", ModelFailureKind.Unauthorized, "invalid_api_key");
        yield return Case("OpenAI quota", """{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}""", ModelFailureKind.QuotaExhausted, "insufficient_quota");
        yield return Case("OpenAI rate limit", """{"message":"x","type":"requests","code":"rate_limit_exceeded"}""", ModelFailureKind.RateLimited, "rate_limit_exceeded");
        yield return Case("OpenAI model", """{"message":"x","type":"invalid_request_error","code":"model_not_found"}""", ModelFailureKind.ModelNotFound, "model_not_found");
        yield return Case("OpenAI server", """{"message":"x","type":"server_error"}""", ModelFailureKind.Transient, "server_error");
        yield return Case("OpenAI down", """{"message":"x","type":"service_unavailable_error"}""", ModelFailureKind.Overloaded, "service_unavailable_error");
        yield return Case("vLLM request", """{"message":"x","type":"BadRequestError"}""", ModelFailureKind.InvalidRequest, "BadRequestError");
        yield return Case("vLLM model", """{"message":"x","type":"NotFoundError"}""", ModelFailureKind.ModelNotFound, "NotFoundError");
        yield return Case("llama.cpp model", """{"message":"x","type":"not_found_error"}""", ModelFailureKind.ModelNotFound, "not_found_error");
        yield return Case("llama.cpp key", """{"message":"x","type":"authentication_error"}""", ModelFailureKind.Unauthorized, "authentication_error");
        yield return Case("llama.cpp feature", """{"message":"x","type":"not_supported_error"}""", ModelFailureKind.InvalidRequest, "not_supported_error");
        yield return Case("Proxy rate limit", """{"message":"x","type":"throttling_error"}""", ModelFailureKind.RateLimited, "throttling_error");
        yield return Case("Proxy time-out", """{"message":"x","type":"timeout_error"}""", ModelFailureKind.Timeout, "timeout_error");
        yield return Case("Gemini request", """{"message":"x","status":"INVALID_ARGUMENT"}""", ModelFailureKind.InvalidRequest, "INVALID_ARGUMENT");
        yield return Case("Gemini key", """{"message":"x","status":"UNAUTHENTICATED"}""", ModelFailureKind.Unauthorized, "UNAUTHENTICATED");
        yield return Case("A status goes before a vague type", """{"message":"x","type":"invalid_request_error","code":429}""", ModelFailureKind.RateLimited, "invalid_request_error");
        yield return Case("Ollama model", """{"message":"model \"x\" not found, try pulling it first","type":"api_error"}""", ModelFailureKind.ModelNotFound, "api_error");
        yield return Case("Bare: model", "\"model 'x:7b' not found\"", ModelFailureKind.ModelNotFound);
        yield return Case("Bare: model that does not exist", "\"The model `x` does not exist.\"", ModelFailureKind.ModelNotFound);
        yield return Case("Bare: context", "\"the request exceeds the available context size\"", ModelFailureKind.ContextLengthExceeded);
        yield return Case("Bare: rate limit", "\"Rate limit reached: too many tokens for your context window tier\"", ModelFailureKind.RateLimited);
        yield return Case("Bare: crash", "\"the model runner was not found to be alive\"", ModelFailureKind.Transient);
        yield return Case("Bare: word", "\"insufficient_quota\"", ModelFailureKind.QuotaExhausted);
        yield return Case("No words", "{}", ModelFailureKind.Transient);
    }

    [TestCaseSource(nameof(ReportedErrors))]
    public async Task Classify_ErrorInsideAnOkAnswer_GoesByItsWords(string error, ModelFailureKind kind, string? code)
    {
        var body = $$"""{"error":{{error}}}""";

        var plain = Classify(await FailureOfAsync(CannedWire.Answering(body)));
        var streamed = Classify(await FailureOfStreamAsync(CannedWire.Streaming($"data: {body}\n\n" + OpenAIWire.Done)));

        Assert.That((plain!.Kind, plain.ProviderCode), Is.EqualTo((kind, code)));
        Assert.That(streamed, Is.EqualTo(plain));
    }

    [Test]
    public async Task Classify_SentenceInsideAnOkAnswer_IsInNoMessage()
    {
        var wire = """{"error":"model 'secret' not found"}""";

        var plain = await FailureOfAsync(CannedWire.Answering(wire));
        var streamed = await FailureOfStreamAsync(CannedWire.Streaming($"data: {wire}\n\n"));

        Assert.That(new[] { plain.ToString(), streamed.ToString() }, Has.None.Contains("secret"));
    }

    [Test]
    public async Task Classify_NonsenseAnswer_IsTransient()
    {
        var exception = await FailureOfAsync(CannedWire.Answering("<html>"));

        Assert.That(Classify(exception)!.Kind, Is.EqualTo(ModelFailureKind.Transient));
    }

    [TestCase("error", "error")]
    [TestCase("network_error", "network_error")]
    [TestCase("you said: secret", null)]
    public async Task Classify_FinishReasonThatOpenAIDoesNotHave_IsTransientAndNamed(string reason, string? code)
    {
        var plain = await FailureOfAsync(CannedWire.Answering(OpenAIWire.Completion(finish: reason)));
        var streamed = await FailureOfStreamAsync(CannedWire.Streaming(OpenAIWire.TextChunk("half") + OpenAIWire.Chunk("{}", reason) + OpenAIWire.Done));

        Assert.That(new[] { Classify(plain), Classify(streamed) }, Is.All.EqualTo(new ModelFailure { Kind = ModelFailureKind.Transient, ProviderCode = code }));
        Assert.That(new[] { plain.Message, streamed.Message }, Has.All.Contains("finish reason").And.None.Contains(reason));
    }

    [Test]
    public void Classify_AnybodyElsesException_IsNull() =>
        Assert.That(Classify(new InvalidOperationException("bug")), Is.Null);

    [Test]
    public async Task GetResponseAsync_KeyEchoedByTheServer_IsInNoMessage()
    {
        var body = $$$"""{"error":{"message":"Invalid token: {{{OpenAIWire.Key}}}","code":"invalid_api_key"}}""";

        var plain = await FailureOfAsync(CannedWire.Answering(body, 401));
        var streamed = await FailureOfStreamAsync(CannedWire.Answering(body, 401));

        Assert.That(new[] { plain.ToString(), streamed.ToString() }, Has.None.Contains(OpenAIWire.Key));
        Assert.That(plain, Is.TypeOf<ClientResultException>().With.Message.Contains("***"));
        Assert.That(Classify(plain)!.Kind, Is.EqualTo(ModelFailureKind.Unauthorized));
    }

    [Test]
    public async Task GetResponseAsync_Overloaded_IsTriedOnce()
    {
        var wire = CannedWire.Answering("{}", 503);

        await FailureOfAsync(wire);

        Assert.That(wire.Requests, Is.EqualTo(1));
    }

    private static string RouterLimit(int code, string headers) =>
        $$$"""{"error":{"message":"Rate limit exceeded: free-models-per-min.","code":{{{code}}},"metadata":{"headers":{{{headers}}},"provider_name":null}},"user_id":"x"}""";

    private static ModelFailure? Classify(Exception exception) => FailureNotes.Find(exception);

    private static async Task<Exception> FailureOfAsync(CannedWire wire)
    {
        try
        {
            await OpenAIWire.Client(wire).GetResponseAsync("hi");
        }
        catch (Exception e)
        {
            return e;
        }

        throw new AssertionException("Nothing was thrown.");
    }

    private static async Task<Exception> FailureOfStreamAsync(CannedWire wire)
    {
        try
        {
            await foreach (var _ in OpenAIWire.Client(wire).GetStreamingResponseAsync("hi"))
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
