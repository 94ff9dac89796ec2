using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

[TestFixture(false)]
[TestFixture(true)]
public sealed class GateTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return new TestCaseData(new LlmCallOptions { Model = "other" }, "other").SetArgDisplayNames("another model forced");
        yield return new TestCaseData(new ChatOptions { ModelId = "other" }, "other").SetArgDisplayNames("another model id");
        yield return new TestCaseData(new LlmCallOptions { ExcludedModels = ["model"] }, "excludes").SetArgDisplayNames("excluded");
        yield return new TestCaseData(new ChatOptions { MaxOutputTokens = 1_000 }, "window").SetArgDisplayNames("window");
        yield return new TestCaseData(new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "tool")] }, "Tools").SetArgDisplayNames("tools");
        yield return new TestCaseData(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(AIJsonUtilities.CreateJsonSchema(typeof(int))) }, "StructuredOutput").SetArgDisplayNames("schema");
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Ask_RequestThatTheModelMayNotTake_IsRefusedWithTheReason(ChatOptions options, string reason)
    {
        var ledger = new RecordingLedger();
        using var host = PipelineHost.For(_model, builder => builder.UseLedger(ledger), facts =>
        {
            facts.ContextWindow = 500;
            facts.Capabilities = ModelCapabilities.None;
        });

        var exception = await host.Chat.FailAsync(streamed, options);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Gate));
        Assert.That(exception.Message, Does.Contain(reason));
        Assert.That(((AttemptRefusedException)exception).Model, Is.EqualTo("model"));
        Assert.That(_model.Requests, Is.Empty);
        Assert.That(ledger.Holds, Is.Empty);
    }

    [TestCase("model")]
    [TestCase("scripted-1")]
    public async Task Ask_ModelIdOfTheModel_IsSentAsTheProvidersId(string id)
    {
        using var host = PipelineHost.For(_model);

        await host.Chat.AskAsync(streamed, new() { ModelId = id });

        Assert.That(_model.Requests[0].Options!.ModelId, Is.EqualTo("scripted-1"));
    }

    [Test]
    public async Task Ask_ImageForAModelWithoutEyes_IsRefused()
    {
        using var host = PipelineHost.For(_model, facts: options => options.Capabilities = ModelCapabilities.Tools);
        var message = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);

        var ask = () => streamed ? host.Chat.GetStreamingResponseAsync([message]).ToChatResponseAsync() : host.Chat.GetResponseAsync([message]);

        await Assert.ThatAsync(ask, Throws.InstanceOf<AttemptRefusedException>().With.Message.Contains("Images"));
    }

    [TestCase("eu", true)]
    [TestCase("us", false)]
    [TestCase(null, false)]
    public async Task Ask_CallBoundToARegion_GoesThereOnly(string? region, bool answered)
    {
        using var host = PipelineHost.For(
            _model, builder => builder.UseAtOpening(call => call.AddFact(ModelGates.RegionsFact, new[] { "eu" })), options => options.Region = region);

        Assert.That(await AnswersAsync(host), Is.EqualTo(answered));
    }

    [TestCase("model", true)]
    [TestCase("other", false)]
    public async Task Ask_CallBoundToModels_GoesThereOnly(string name, bool answered)
    {
        using var host = PipelineHost.For(_model, builder => builder.UseAtOpening(call => call.AddFact(ModelGates.ModelsFact, new[] { name })));

        Assert.That(await AnswersAsync(host), Is.EqualTo(answered));
    }

    [Test]
    public async Task Ask_ConversationThatAModelIssued_IsPinnedToIt()
    {
        var issuer = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Text("Paris") with { ConversationId = "c1" } : ScriptedAnswer.Throws(new TimeoutException()));
        using var host = Pair(issuer);
        await host.Chat.AskAsync(streamed);

        var exception = await host.Chat.FailAsync(streamed, new() { ConversationId = "c1" });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("'model'"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_ContinuationThatAModelIssued_IsPinnedToIt()
    {
        var token = ResponseContinuationToken.FromBytes(new byte[] { 1, 2, 3 });
        var issuer = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Text("Paris") : ScriptedAnswer.Throws(new TimeoutException()));
        using var host = Pair(new ContinuingChatClient(issuer, token));
        await host.Chat.AskAsync(streamed);

        var exception = await host.Chat.FailAsync(streamed, new() { ContinuationToken = token });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("'model'"));
    }

    [Test]
    public async Task Ask_FileThatAModelMade_IsPinnedToIt()
    {
        var made = ScriptedAnswer.Text("Here.") with { Contents = [new HostedFileContent("file-1")] };
        var issuer = new ScriptedChatClient((number, _) => number == 0 ? made : ScriptedAnswer.Throws(new TimeoutException()));
        using var host = Pair(issuer);
        await host.Chat.AskAsync(streamed);
        var message = new ChatMessage(ChatRole.User, [new HostedFileContent("file-1")]);

        var ask = () => streamed ? host.Chat.GetStreamingResponseAsync([message]).ToChatResponseAsync() : host.Chat.GetResponseAsync([message]);

        await Assert.ThatAsync(ask, Throws.InstanceOf<AttemptRefusedException>().With.Message.Contains("'model'"));
        Assert.That(issuer.Requests, Has.Count.EqualTo(2));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_RequestThatTheModelMayNotTake_ReservesNothing()
    {
        var ledger = new RecordingLedger();
        using var host = PipelineHost.For(_model, builder => builder.UseLedger(ledger));

        await host.Chat.FailAsync(streamed, new LlmCallOptions { ExcludedModels = ["model"] });

        Assert.That(ledger.Holds, Is.Empty);
    }

    [Test]
    public async Task Ask_StateOfUnknownOrigin_GoesToAnyModel()
    {
        using var host = PipelineHost.For(_model);

        var (response, _) = await host.Chat.AskAsync(streamed, new() { ConversationId = "unknown" });

        Assert.That(response.Text, Is.EqualTo("Paris"));
    }

    private PipelineHost Pair(IChatClient issuer) => new(builder => builder.AddModel("model", issuer).AddModel("other", _model).UseOrder());

    private async Task<bool> AnswersAsync(PipelineHost host)
    {
        try
        {
            await host.Chat.AskAsync(streamed);
            return true;
        }
        catch (AttemptRefusedException)
        {
            return false;
        }
    }

    /// <summary>Answers with a token to go on with.</summary>
    private sealed class ContinuingChatClient(IChatClient inner, ResponseContinuationToken token) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            response.ContinuationToken = token;
            return response;
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetStreamingResponseAsync(messages, options, cancellationToken).Select(update =>
            {
                update.ContinuationToken = token;
                return update;
            });
    }
}
