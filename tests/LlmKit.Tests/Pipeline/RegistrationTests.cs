using LlmKit.Models;
using LlmKit.Pipeline;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

public sealed class RegistrationTests
{
    private readonly ServiceCollection _services = new();
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public async Task AddLlmPipeline_Unnamed_IsTheApplicationsChatClient()
    {
        _services.AddLlmPipeline().AddModel("model", _model);

        var response = await Provider().GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(response.GetCall().Pipeline, Is.EqualTo("Default"));
    }

    [Test]
    public async Task AddLlmPipeline_Named_IsAKeyedChatClient()
    {
        _services.AddLlmPipeline("support").AddModel("model", _model);
        var provider = Provider();

        var response = await provider.GetRequiredKeyedService<IChatClient>("support").GetResponseAsync("hi");

        Assert.That(response.GetCall().Pipeline, Is.EqualTo("support"));
        Assert.That(provider.GetService<IChatClient>(), Is.Null);
    }

    [Test]
    public async Task AddLlmPipeline_AfterAnInstance_TakesItOver()
    {
        _services.AddSingleton<IChatClient>(_model);
        _services.AddLlmPipeline();

        var response = await Provider().GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(response.GetCall().Model, Is.EqualTo("default"));
        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AddLlmPipeline_AfterAFactory_TakesItOver()
    {
        _services.AddSingleton<IChatClient>(_ => _model);
        _services.AddLlmPipeline();

        await Provider().GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AddLlmPipeline_AfterAType_TakesItOver()
    {
        _services.AddSingleton<IChatClient, FixedChatClient>();
        _services.AddLlmPipeline();

        var response = await Provider().GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(response.Text, Is.EqualTo("fixed"));
        Assert.That(response.FindCall(), Is.Not.Null);
    }

    [Test]
    public async Task AddLlmPipeline_AfterKeyedRegistrations_TakesOverItsOwnOnly()
    {
        var other = new ScriptedChatClient(ScriptedAnswer.Text("other"));
        _services.AddKeyedSingleton<IChatClient>("support", (_, _) => _model);
        _services.AddKeyedSingleton<IChatClient>("other", other);
        _services.AddSingleton<IChatClient>(other);
        _services.AddLlmPipeline("support");
        var provider = Provider();

        var response = await provider.GetRequiredKeyedService<IChatClient>("support").GetResponseAsync("hi");

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(provider.GetRequiredService<IChatClient>(), Is.SameAs(other));
        Assert.That(provider.GetRequiredKeyedService<IChatClient>("other"), Is.SameAs(other));
    }

    [Test]
    public void AddLlmPipeline_Twice_GoesOnWithTheSamePipeline()
    {
        _services.AddLlmPipeline().AddModel("a", _model);
        _services.AddLlmPipeline().AddModel("b", _model).UseOrder();

        var chat = Provider().GetRequiredService<IChatClient>();

        Assert.That(((Model)chat.GetService(typeof(Model), "b")!).Name, Is.EqualTo("b"));
        Assert.That(_services.Count(service => service.ServiceType == typeof(IChatClient)), Is.EqualTo(1));
    }

    [Test]
    public void Resolve_ModelThatNeedsThePipelineItself_SaysSoAndDoesNotHang()
    {
        _services.AddLlmPipeline().AddModel("model", services => services.GetRequiredService<IChatClient>());

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("needs itself"));
    }

    [Test]
    public void Resolve_TakenOverRegistrationAndModels_SaysSo()
    {
        _services.AddSingleton<IChatClient>(_model);
        _services.AddLlmPipeline().AddModel("model", _model);

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("registered before"));
    }

    [Test]
    public void Resolve_NoModel_SaysSo()
    {
        _services.AddLlmPipeline();

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("no model"));
    }

    [TestCase("small", "small")]
    [TestCase("small", "Small")]
    public void Resolve_TwoModelsOfOneName_SaysSo(string first, string second)
    {
        _services.AddLlmPipeline().AddModel(first, _model).AddModel(second, _model).UseRouter();

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("Two models have the name 'small'"));
    }

    [Test]
    public void Resolve_ModelAndEmbeddingModelOfOneName_SaysSo()
    {
        _services.AddLlmPipeline().AddModel("small", _model).AddEmbeddings("small", new FixedEmbeddingGenerator(1));

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("Two models have the name 'small'"));
    }

    [Test]
    public void Resolve_SeveralModelsWithoutARouter_SaysSo()
    {
        _services.AddLlmPipeline().AddModel("a", _model).AddModel("b", _model);

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("UseRouter"));
    }

    [Test]
    public void Resolve_SeveralErrors_ListsThemAll()
    {
        _services.AddLlmPipeline().AddModel("a", _model).AddModel("a", _model);

        var exception = Assert.Throws<LlmConfigurationException>(() => Provider().GetRequiredService<IChatClient>());

        Assert.That(exception!.Failures, Has.Some.Contains("name 'a'").And.Some.Contains("UseRouter"));
    }

    [Test]
    public void AddModel_AfterThePipelineIsBuilt_Throws()
    {
        var builder = _services.AddLlmPipeline().AddModel("model", _model);
        Provider().GetRequiredService<IChatClient>();

        Assert.That(() => builder.Use(inner => inner), Throws.InvalidOperationException);
    }

    [Test]
    public void AddModel_BadArguments_Throws()
    {
        var builder = _services.AddLlmPipeline();

        Assert.That(() => builder.AddModel(" ", _model), Throws.ArgumentException);
        Assert.That(() => builder.AddModel("a", (IChatClient)null!), Throws.ArgumentNullException);
        Assert.That(() => builder.AddModel("a", (Func<IServiceProvider, IChatClient>)null!), Throws.ArgumentNullException);
        Assert.That(() => ((IServiceCollection)null!).AddLlmPipeline(), Throws.ArgumentNullException);
    }

    [Test]
    public void GetService_Types_AreFoundThroughThePipeline()
    {
        _services.AddLlmPipeline().AddModel("a", _model).AddModel("b", new ScriptedChatClient((_, _) => ScriptedAnswer.Text("b"), modelId: "b-1")).UseOrder();

        var chat = Provider().GetRequiredService<IChatClient>();

        Assert.That(chat.GetService(typeof(ScriptedChatClient)), Is.SameAs(_model));
        Assert.That(((ChatClientMetadata)chat.GetService(typeof(ChatClientMetadata), "b")!).DefaultModelId, Is.EqualTo("b-1"));
        Assert.That(chat.GetService(typeof(ChatClientMetadata), "unknown"), Is.Null);
        Assert.That(chat.GetService(typeof(PipelineChatClient)), Is.SameAs(chat));
        Assert.That(() => chat.GetService(null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task GetModel_DoorToARegisteredModel_AnswersAndOwnsNothing()
    {
        IChatClient? door = null;
        _services.AddLlmPipeline().AddModel("model", _model).Use((inner, context) =>
        {
            door = context.GetModel("model");
            return inner;
        });
        Provider().GetRequiredService<IChatClient>();

        door!.Dispose();

        Assert.That((await door.GetResponseAsync("hi")).Text, Is.EqualTo("Paris"));
        Assert.That(_model.Disposals, Is.Zero);
    }

    [Test]
    public void GetModel_UnknownName_NamesThoseThatAreRegistered()
    {
        _services.AddLlmPipeline().AddModel("model", _model).Use((inner, context) =>
        {
            context.GetModel("other");
            return inner;
        });

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("Registered are: model"));
    }

    [Test]
    public void Use_AfterTheRouter_IsBuiltOnceForEachModel()
    {
        var names = new List<string?>();
        _services.AddLlmPipeline().AddModel("a", _model).AddModel("b", _model)
            .Use((inner, context) => Note(inner, "outside"))
            .UseOrder()
            .Use((inner, context) => Note(inner, context.ModelName));

        Provider().GetRequiredService<IChatClient>();

        Assert.That(names, Is.EqualTo(["a", "b", "outside"]));
        IChatClient Note(IChatClient inner, string? name)
        {
            names.Add(name);
            return inner;
        }
    }

    [Test]
    public async Task Use_SeveralStages_TheFirstListedIsTheOutermost([Values] bool streamed)
    {
        var passed = new List<string>();
        _services.AddLlmPipeline().AddModel("a", _model).AddModel("b", _model)
            .Use(inner => new InspectingChatClient(inner, _ => passed.Add("first")))
            .Use(inner => new InspectingChatClient(inner, _ => passed.Add("second")))
            .UseOrder()
            .Use((inner, context) => new InspectingChatClient(inner, _ => passed.Add("third of " + context.ModelName)))
            .Use((inner, context) => new InspectingChatClient(inner, _ => passed.Add("fourth of " + context.ModelName)));

        await Provider().GetRequiredService<IChatClient>().AskAsync(streamed);

        Assert.That(passed, Is.EqualTo(["first", "second", "third of a", "fourth of a"]));
    }

    [Test]
    public void Use_FactoryThatReturnsNull_SaysSo()
    {
        _services.AddLlmPipeline().AddModel("model", _model).Use(_ => null!);

        Assert.That(() => Provider().GetRequiredService<IChatClient>(), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("returned null"));
    }

    private ServiceProvider Provider() => _services.BuildServiceProvider();

    private sealed class FixedChatClient() : DelegatingChatClient(new ScriptedChatClient(ScriptedAnswer.Text("fixed")));
}
