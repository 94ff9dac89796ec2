using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

/// <summary>Factories that resolve the very pipeline that is being built, on the building thread or another that it waits for: an error, never a hang.</summary>
[TestFixture(null)]
[TestFixture("desk")]
public sealed class SelfReferenceTests(string? key)
{
    private static readonly ScriptedChatClient Model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public void Resolve_ModelThatNeedsThePipeline_SaysSo([Values] bool elsewhere) =>
        AssertSaid(builder => builder.AddModel("model", services => On(elsewhere, () => Resolve(services))));

    [Test]
    public void Resolve_StageThatNeedsThePipeline_SaysSo([Values] bool elsewhere) => AssertSaid(builder => builder.AddModel("model", Model).Use((inner, context) =>
    {
        On(elsewhere, () => Resolve(context.Services));
        return inner;
    }));

    [Test]
    public void Resolve_EmbeddingsThatNeedThePipeline_SaySo([Values] bool elsewhere) => AssertSaid(builder => builder.AddModel("model", Model).AddEmbeddings<ModelOptions>("vectors", (_, services) =>
    {
        On(elsewhere, () => Resolve(services));
        throw new InvalidOperationException("The pipeline did not say so.");
    }));

    [Test]
    public void Resolve_IdentityThatNeedsThePipeline_SaysSo([Values] bool elsewhere) => AssertSaid(builder => builder.AddModel("model", Model).WithIdentity(services =>
    {
        On(elsewhere, () => Resolve(services));
        return () => default;
    }));

    [Test]
    public void Resolve_TakenOverClientThatNeedsThePipeline_SaysSo([Values] bool elsewhere)
    {
        var services = new ServiceCollection();
        if (key is null)
            services.AddSingleton(provider => On(elsewhere, () => Resolve(provider)));
        else
            services.AddKeyedSingleton(key, (provider, _) => On(elsewhere, () => Resolve(provider)));
        services.AddLlmPipeline(key);

        AssertSaid(services);
    }

    [Test]
    public void Resolve_ModelThatNeedsAllChatClients_SaysSo([Values] bool elsewhere) => AssertSaid(builder => builder.AddModel("model", services => On(
        elsewhere, () => (key is null ? services.GetServices<IChatClient>() : services.GetKeyedServices<IChatClient>(key)).First())));

    [Test]
    public void Start_ModelThatNeedsThePipelineOnAnotherThread_StopsTheStart()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddLlmPipeline(key).AddModel("model", provider => On(elsewhere: true, () => Resolve(provider)));
        using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IHostedService>().StartAsync(default), Throws.TypeOf<LlmConfigurationException>());
    }

    [Test]
    public void Resolve_AgainAfterItWasFoundToNeedItself_SaysSoAgain()
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline(key).AddModel("model", provider => On(elsewhere: true, () => Resolve(provider)));
        using var provider = services.BuildServiceProvider();

        Assert.That(() => Resolve(provider), Throws.TypeOf<LlmConfigurationException>());
        Assert.That(() => Resolve(provider), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("needs itself"));
    }

    [Test]
    public async Task Resolve_OtherServicesOnAnotherThread_ArePassedOn()
    {
        var services = new ServiceCollection();
        services.AddSingleton("plain").AddKeyedSingleton("key", "keyed").AddKeyedSingleton<IChatClient>("provider", Model);
        services.AddLlmPipeline(key).AddModel("model", provider => On(elsewhere: true, () =>
        {
            Assert.That(provider.GetRequiredService<string>(), Is.EqualTo("plain"));
            Assert.That(provider.GetRequiredKeyedService<string>("key"), Is.EqualTo("keyed"));
            Assert.That(ActivatorUtilities.CreateInstance<Holder>(provider).Text, Is.EqualTo("plain"));
            return provider.GetRequiredKeyedService<IChatClient>("provider");
        }));
        using var provider = services.BuildServiceProvider();

        Assert.That((await Resolve(provider).GetResponseAsync("hi")).Text, Is.EqualTo("Paris"));
    }

    [Test]
    public void Resolve_PipelineFromTheServicesOfItsOwnFactoryLater_IsPassedOn()
    {
        IServiceProvider? kept = null;
        var services = new ServiceCollection();
        services.AddLlmPipeline(key).AddModel("model", provider =>
        {
            kept = provider;
            return Model;
        });
        using var provider = services.BuildServiceProvider();

        var built = Resolve(provider);

        Assert.That(Resolve(kept!), Is.SameAs(built));
        Assert.That(kept!.GetService<string>(), Is.Null);
    }

    private static IChatClient On(bool elsewhere, Func<IChatClient> work)
    {
        if (!elsewhere)
            return work();
        IChatClient? result = null;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception exception)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private IChatClient Resolve(IServiceProvider services) =>
        key is null ? services.GetRequiredService<IChatClient>() : services.GetRequiredKeyedService<IChatClient>(key);

    private void AssertSaid(Action<LlmPipelineBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddLlmPipeline(key));
        AssertSaid(services);
    }

    private void AssertSaid(ServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();

        Assert.That(() => Resolve(provider), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains($"'{key ?? "Default"}'").And.Message.Contains("needs itself").And.Message.Contains("give it a key"));
    }

    private sealed class Holder(string text)
    {
        public string Text { get; } = text;
    }
}
