using System.Net;
using System.Text.Json;
using LlmKit.Models;
using LlmKit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.AspNetCore;

/// <summary>What clients are told when a call fails, plain and streamed alike.</summary>
[TestFixture("/plain")]
[TestFixture("/stream")]
public sealed class LlmProblemsTests(string path)
{
    private const string Secret = "a text that is nobody's business";

    [Test]
    public async Task Ask_TheBudgetIsUsedUp_Is402WithRetryAfter()
    {
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), p => p.UseBudget(b => b.PerTenant("daily", 0.000001m, BudgetWindow.Daily)));

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 402, "budget-exceeded");
        Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromDays(1)));
        Assert.That(problem.GetProperty("retryAfter").GetInt64(), Is.EqualTo(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.That(problem.GetProperty("callId").GetString(), Has.Length.EqualTo(32));
        Assert.That(problem.GetRawText(), Does.Not.Contain("daily").And.Not.Contain("main"), "Names of limits and models are the service's own.");
    }

    [Test]
    public async Task Ask_NobodyIsSignedInAndABudgetIsForEachTenant_Is401()
    {
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), p => p.UseBudget(b => b.PerTenant("daily", 1m, BudgetWindow.Daily)));

        var (anonymous, problem) = await AskAsync(rig, who: null);
        var (unnamed, other) = await AskAsync(rig, who: "somebody");

        Expect(anonymous, problem, 401, "identity-required");
        Expect(unnamed, other, 403, "identity-required");
    }

    [Test]
    public async Task Ask_NobodyIsSignedInAndModelsAreAllowedByTenant_Is401()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("Hi.")),
            p => p.UseRouter(r =>
            {
                r.Priority("main");
                r.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["main"], ["none"] = [] };
            }));

        var (anonymous, problem) = await AskAsync(rig, who: null);
        var (unnamed, other) = await AskAsync(rig, who: "somebody");
        var (barred, third) = await AskAsync(rig, who: "none/nina");

        Expect(anonymous, problem, 401, "identity-required");
        Expect(unnamed, other, 403, "identity-required");
        Expect(barred, third, 422, "request-not-served");
    }

    [Test]
    public async Task Ask_ARuleBlocksTheRequest_Is422()
    {
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), p => p.UseGuardrails(g =>
        {
            g.DenyTerms("hello");
            g.WhenBlocked = WhenBlocked.Throw;
        }));

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 422, "request-blocked");
        Assert.That(problem.GetRawText(), Does.Not.Contain("terms"), "Which rule it was helps those who try to get around it.");
    }

    [Test]
    public async Task Ask_ALimitIsReached_Is429WithRetryAfterRoundedUp()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("Hi.")),
            p => p.UseRateLimits(r => r.PerTenant("calls", requests: 1)),
            services => services.AddSingleton<TimeProvider>(new ManualTimeProvider()));

        await AskAsync(rig);
        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 429, "rate-limited");
        Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase(429, 429, "rate-limited")]
    [TestCase(503, 503, "model-unavailable")]
    [TestCase(529, 503, "model-unavailable")]
    [TestCase(500, 503, "model-unavailable")]
    [TestCase(504, 504, "timeout")]
    [TestCase(401, 502, "model-failed")]
    [TestCase(402, 502, "model-failed")]
    [TestCase(404, 502, "model-failed")]
    [TestCase(400, 502, "model-failed")]
    public async Task Ask_TheProviderFails_IsToldByItsKindAndWithoutItsWords(int provider, int status, string code)
    {
        await using var rig = await WebRig.StartAsync(ScriptedAnswer.Throws(new HttpRequestException(Secret, null, (HttpStatusCode)provider)));

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, status, code);
        Assert.That(problem.GetRawText(), Does.Not.Contain(Secret));
    }

    [TestCase(ModelFailureKind.ContextLengthExceeded, 413, "too-long")]
    [TestCase(ModelFailureKind.ContentFiltered, 422, "content-filtered")]
    [TestCase(ModelFailureKind.QuotaExhausted, 502, "model-failed")]
    [TestCase(ModelFailureKind.Unknown, 502, "model-failed")]
    public async Task Ask_TheFailureIsClassified_IsToldByItsKind(ModelFailureKind kind, int status, string code)
    {
        await using var rig = await ClassifiedAsync(new() { Kind = kind });

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, status, code);
    }

    [Test]
    public async Task Ask_TheProviderSaysWhenToComeBack_IsToldInWholeSeconds()
    {
        await using var rig = await ClassifiedAsync(new() { Kind = ModelFailureKind.RateLimited, RetryAfter = TimeSpan.FromSeconds(1.2) });

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 429, "rate-limited");
        Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Ask_TheCircuitIsOpen_Is503WithRetryAfter()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Throws(new HttpRequestException(Secret, null, HttpStatusCode.ServiceUnavailable))),
            p => p.UseResilience(r => (r.MaxRetries, r.MinimumThroughput, r.LastResort, r.BreakDuration) = (0, 2, false, TimeSpan.FromSeconds(30))),
            services => services.AddSingleton<TimeProvider>(new ManualTimeProvider()));

        for (var i = 0; i < 2; i++)
            await AskAsync(rig);
        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 503, "model-unavailable");
        Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task Ask_SeveralAttemptsFailAlike_IsToldAsOne()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Throws(new HttpRequestException(Secret, null, HttpStatusCode.TooManyRequests))),
            p => p.AddModel("other", _ => new ScriptedChatClient(ScriptedAnswer.Throws(new HttpRequestException(Secret, null, HttpStatusCode.TooManyRequests)))).UseRouter(r => r.Priority("main", "other")));

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 429, "rate-limited");
    }

    [Test]
    public async Task Ask_SeveralAttemptsFailDifferently_Is503()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Throws(new HttpRequestException(Secret, null, HttpStatusCode.TooManyRequests))),
            p => p.AddModel("other", _ => new ScriptedChatClient(ScriptedAnswer.Throws(new HttpRequestException(Secret, null, HttpStatusCode.Unauthorized)))).UseRouter(r => r.Priority("main", "other")));

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 503, "model-unavailable");
    }

    [Test]
    public async Task Ask_TheDeadlinePasses_Is504()
    {
        var time = new ManualTimeProvider();
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient((_, _) =>
            {
                time.Advance(TimeSpan.FromSeconds(6));
                return ScriptedAnswer.Hangs();
            }, time),
            p => p.WithConstraints(c => c.Latency = TimeSpan.FromSeconds(5)),
            services => services.AddSingleton<TimeProvider>(time));

        var (response, problem) = await AskAsync(rig);

        Expect(response, problem, 504, "timeout");
    }

    [Test]
    public async Task Ask_AKeyIsUsedForAnotherRequest_Is422()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("Hi.")),
            p => p.UseIdempotency(),
            map: app => app.MapGet("/other", async (IChatClient chat, HttpContext context) => (await chat.GetResponseAsync("Something else.", LlmHttp.OptionsFor(context))).Text));

        using var first = await rig.GetAsync("/other", key: "k1");
        var (response, problem) = await AskAsync(rig, key: "k1");

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Expect(response, problem, 422, "idempotency-conflict");
    }

    [Test]
    public async Task Ask_AnExceptionOfTheApplication_GoesToItsOwnHandlers()
    {
        await using var rig = await WebRig.StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("Hi.")),
            p => p.Use((inner, _) => new ThrowingChatClient(inner, new InvalidOperationException(Secret))));

        var (response, problem) = await AskAsync(rig);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(problem.TryGetProperty("code", out _), Is.False);
        Assert.That(problem.GetRawText(), Does.Not.Contain(Secret));
    }

    private static Task<WebRig> ClassifiedAsync(ModelFailure failure) => WebRig.StartAsync(
        new ScriptedChatClient(ScriptedAnswer.Text("Never asked.")),
        p => p.AddModel("second", _ => new ScriptedChatClient(ScriptedAnswer.Throws(new InvalidOperationException(Secret))), o => o.ClassifyFailure = _ => failure)
            .UseRouter(r => r.Priority("second")));

    private static void Expect(HttpResponseMessage response, JsonElement problem, int status, string code)
    {
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo("urn:llmkit:problem:" + code));
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(status));
        Assert.That(problem.GetProperty("title").GetString(), Is.Not.Empty);
        Assert.That(problem.GetProperty("detail").GetString(), Is.Not.Empty);
    }

    private async Task<(HttpResponseMessage Response, JsonElement Problem)> AskAsync(WebRig rig, string? who = "acme/ada", string? key = null)
    {
        var response = await rig.GetAsync(path, who, key);
        var body = await response.Content.ReadAsStringAsync();
        return (response, response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonDocument.Parse(body).RootElement : default);
    }
}
