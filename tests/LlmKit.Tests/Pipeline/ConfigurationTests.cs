using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

public sealed class ConfigurationTests
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public async Task Configuration_Constraints_WinOverCode()
    {
        using var host = Host(ChangingConfiguration.Of(("Constraints:Latency", "00:00:07")), builder => builder.WithConstraints(constraints =>
        {
            constraints.Latency = TimeSpan.FromSeconds(1);
            constraints.CostPerCall = 100_000;
        }), options => options.Price = new(1, 1));

        var (_, call) = await host.Chat.AskAsync(streamed: false);

        Assert.That(call.TimeLimit, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(call.Constraints.Select(outcome => outcome.Limit), Is.EqualTo([7m, 100_000m]));
    }

    [Test]
    public void Configuration_Model_WinsOverCode()
    {
        using var host = Host(ChangingConfiguration.Of(
            ("Models:model:InputPerMillion", "3"), ("Models:model:OutputPerMillion", "0.25"), ("Models:model:CachedInputPerMillion", "1e-1"), ("Models:MODEL:ContextWindow", "5000"),
            ("Models:model:Capabilities", "tools, Images"), ("Models:model:Region", "eu"), ("Models:model:ModelId", "deployment-1"), ("Models:model:RequireFinishReason", "false")));

        var model = (Model)host.Chat.GetService(typeof(Model))!;

        Assert.That((model.Price!.InputPerMillion, model.Price.OutputPerMillion, model.Price.CachedInputPerMillion), Is.EqualTo((3m, 0.25m, (decimal?)0.1m)));
        Assert.That((model.ContextWindow, model.Region, model.ModelId, model.RequireFinishReason), Is.EqualTo(((int?)5000, "eu", "deployment-1", false)));
        Assert.That(model.Capabilities, Is.EqualTo(ModelCapabilities.Tools | ModelCapabilities.Images));
    }

    [TestCase("Models:model:InputPerMillion", "dear")]
    [TestCase("Models:model:InputPerMillion", "1")]
    [TestCase("Models:model:CachedInputPerMillion", "1")]
    [TestCase("Models:model:ContextWindow", "0")]
    [TestCase("Models:model:ContextWindow", "1.5")]
    [TestCase("Models:model:ContextWindow", "99999999999")]
    [TestCase("Models:model:MaxOutputTokens", "-1")]
    [TestCase("Models:model:Capabilities", "Flying")]
    [TestCase("Models:model:RequireFinishReason", "perhaps")]
    [TestCase("Models:model:CatalogueId", "gpt-unheard-of")]
    [TestCase("Models:unknown:Region", "eu")]
    [TestCase("Constraints:Latency", "soon")]
    [TestCase("Constraints:Latency", "-00:00:01")]
    [TestCase("Constraints:CostPerCall", "0")]
    [TestCase("Greeting:Text", "")]
    public void Configuration_WrongValue_StopsTheBuildAndNamesIt(string key, string value)
    {
        using var host = Host(ChangingConfiguration.Of((key, value)), builder => builder.UseGreeting());

        Assert.That(() => host.Chat, Throws.InstanceOf<LlmConfigurationException>());
    }

    [TestCase("0,05", "2")]
    [TestCase("-1", "2")]
    [TestCase("1e30", "2")]
    public void Configuration_WrongPrice_StopsTheBuild(string input, string output)
    {
        using var host = Host(ChangingConfiguration.Of(("Models:model:InputPerMillion", input), ("Models:model:OutputPerMillion", output)));

        Assert.That(() => host.Chat, Throws.InstanceOf<LlmConfigurationException>());
    }

    [Test]
    public void Configuration_SectionThatNobodyReads_Warns()
    {
        using var host = Host(ChangingConfiguration.Of(("Budgget:Limit", "1")));

        _ = host.Chat;

        Assert.That(host.Logs.Messages, Has.One.Contains("'Budgget'"));
    }

    [Test]
    public async Task Reload_Valid_AppliesToNewCallsWhileThoseInFlightKeepTheirs([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of(("Greeting:Text", "old"));
        LlmCall? inFlight = null;
        using var host = Host(configuration, builder => builder
            .Use(inner => new InspectingChatClient(inner, options =>
            {
                if (inFlight is null && LlmCall.TryGet(options, out inFlight))
                    configuration.Change("Greeting:Text", "new");
            }))
            .UseGreeting());

        var (_, first) = await host.Chat.AskAsync(streamed);
        var (_, second) = await host.Chat.AskAsync(streamed);

        Assert.That(first.Steps.Single().Decision, Is.EqualTo("old"));
        Assert.That(second.Steps.Single().Decision, Is.EqualTo("new"));
    }

    [Test]
    public async Task Configuration_OfOnePipeline_LeavesTheOthersAlone()
    {
        var configuration = new ConfigurationManager();
        configuration["LlmKit:support:Constraints:Latency"] = "00:00:05";
        configuration["LlmKit:support:Greeting:Text"] = "support";
        using var host = new PipelineHost(
            builder => builder.AddModel("model", _model).UseGreeting(),
            services => services.AddLlmPipeline("support").AddModel("model", _model).UseGreeting(),
            configuration);

        var (_, unnamed) = await host.Chat.AskAsync(streamed: false);
        var (_, named) = await host.Services.GetRequiredKeyedService<IChatClient>("support").AskAsync(streamed: false);

        Assert.That((unnamed.Steps.Single().Decision, unnamed.TimeLimit), Is.EqualTo(("hello", (TimeSpan?)null)));
        Assert.That((named.Steps.Single().Decision, named.TimeLimit), Is.EqualTo(("support", (TimeSpan?)TimeSpan.FromSeconds(5))));
    }

    [Test]
    public async Task Reload_ModelFacts_ApplyToNewCalls()
    {
        var configuration = ChangingConfiguration.Of(("Models:model:Region", "eu"));
        using var host = Host(configuration, builder => builder.UseLedger(new RecordingLedger { NeedsPrice = false }));
        await host.Chat.AskAsync(streamed: false);

        configuration.Change("Models:model:MaxOutputTokens", "77");
        await host.Chat.AskAsync(streamed: false);

        Assert.That(_model.Requests.Select(request => request.Options!.MaxOutputTokens), Is.EqualTo(new int?[] { 4_096, 77 }));
    }

    [TestCase("Greeting:Text", "")]
    [TestCase("Constraints:Latency", "soon")]
    [TestCase("Models:model:InputPerMillion", "-1")]
    [TestCase("Models:model:ContextWindow", "99999999999")]
    [TestCase("Models:unknown:Region", "eu")]
    public async Task Reload_Invalid_IsRefusedAsAWholeAndLogged(string key, string value)
    {
        var configuration = ChangingConfiguration.Of(("Greeting:Text", "old"), ("Models:model:OutputPerMillion", "1"), ("Models:model:InputPerMillion", "1"));
        using var host = Host(configuration, builder => builder.UseGreeting());
        _ = host.Chat;
        configuration["LlmKit:Default:Constraints:CostPerCall"] = "0.01";

        configuration.Change(key, value);
        var (_, call) = await host.Chat.AskAsync(streamed: false);

        Assert.That(call.Steps.Single().Decision, Is.EqualTo("old"));
        Assert.That(call.Constraints, Is.Empty);
        Assert.That(host.Logs.Messages, Has.Some.Contains("refused as a whole"));
    }

    [Test]
    public async Task Reload_StageThatThrows_IsRefusedAndDoesNotReachTheConfiguration()
    {
        var configuration = ChangingConfiguration.Of();
        var broken = false;
        using var host = Host(configuration, builder => builder.UseGreeting(_ =>
        {
            if (broken)
                throw new NotSupportedException("broken");
        }));
        _ = host.Chat;
        broken = true;

        Assert.That(() => configuration.Change("Greeting:Text", "new"), Throws.Nothing);
        var (_, call) = await host.Chat.AskAsync(streamed: false);

        Assert.That(call.Steps.Single().Decision, Is.EqualTo("hello"));
        Assert.That(host.Logs.Messages, Has.Some.Contains("NotSupportedException"));
    }

    [Test]
    public async Task Reload_AfterARefusedOne_IsTakenAgain()
    {
        var configuration = ChangingConfiguration.Of(("Greeting:Text", "old"));
        using var host = Host(configuration, builder => builder.UseGreeting());
        _ = host.Chat;
        configuration.Change("Greeting:Text", "");

        configuration.Change("Greeting:Text", "new");
        var (_, call) = await host.Chat.AskAsync(streamed: false);

        Assert.That(call.Steps.Single().Decision, Is.EqualTo("new"));
    }

    [Test]
    public void Reload_AfterThePipelineIsDisposedOf_IsNotRead()
    {
        var configuration = ChangingConfiguration.Of(("Greeting:Text", "old"));
        var reads = 0;
        var host = Host(configuration, builder => builder.UseGreeting(_ => reads++));
        _ = host.Chat;
        host.Dispose();
        var before = reads;

        configuration.Change("Greeting:Text", "new");

        Assert.That(reads, Is.EqualTo(before));
    }

    [Test]
    public async Task Build_NoConfigurationAtAll_Works()
    {
        using var host = Host(configuration: null, builder => builder.UseGreeting());

        var (_, call) = await host.Chat.AskAsync(streamed: false);

        Assert.That(call.Steps.Single().Decision, Is.EqualTo("hello"));
    }

    private PipelineHost Host(IConfiguration? configuration, Action<LlmPipelineBuilder>? more = null, Action<ModelOptions>? facts = null) => new(
        builder =>
        {
            builder.AddModel("model", _model, facts);
            more?.Invoke(builder);
        },
        configuration: configuration);
}
