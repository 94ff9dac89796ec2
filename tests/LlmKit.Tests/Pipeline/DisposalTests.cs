using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

public sealed class DisposalTests
{
    private readonly ScriptedChatClient _made = new(ScriptedAnswer.Text("Paris"));
    private readonly ScriptedChatClient _given = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public void Dispose_Container_DisposesOfMadeClientsOnceAndOfGivenOnesNever()
    {
        var host = new PipelineHost(builder => builder.AddModel("made", _ => _made).AddModel("given", _given).UseOrder().Use(inner => new InspectingChatClient(inner, _ => { })));
        var chat = host.Chat;

        host.Dispose();
        chat.Dispose();

        Assert.That((_made.Disposals, _given.Disposals), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Dispose_TakenOverFactory_IsDisposedOfOnce()
    {
        var host = new PipelineHost(_ => { }, services => services.AddSingleton<IChatClient>(_ => _made));
        _ = host.Chat;

        host.Dispose();

        Assert.That(_made.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void Dispose_TakenOverInstance_IsNotDisposedOf()
    {
        var host = new PipelineHost(_ => { }, services => services.AddSingleton<IChatClient>(_given));
        _ = host.Chat;

        host.Dispose();

        Assert.That(_given.Disposals, Is.Zero);
    }

    [Test]
    public void Dispose_PipelineThatWasNeverBuilt_MakesNothing()
    {
        var made = 0;
        var host = new PipelineHost(builder => builder.AddModel("made", _ => Make()));

        host.Dispose();

        Assert.That(made, Is.Zero);
        ScriptedChatClient Make()
        {
            made++;
            return _made;
        }
    }

    private static IEnumerable<TestCaseData> BrokenBuilds()
    {
        yield return Broken("another model fails", builder => builder.AddModel("broken", _ => throw new InvalidOperationException("no key")).UseOrder());
        yield return Broken("settings are wrong", builder => builder.UseOrder().UseGreeting(options => options.Text = ""));
        yield return Broken("a stage of a model fails", builder => builder.UseOrder().Use((_, _) => throw new InvalidOperationException("stage")).Use(inner => new InspectingChatClient(inner, _ => { })));
        yield return Broken("a stage outside the router fails", builder => builder.Use(_ => null!).UseOrder().Use(inner => new InspectingChatClient(inner, _ => { })));
    }

    [TestCaseSource(nameof(BrokenBuilds))]
    public void Build_ThatFailsHalfWay_DisposesOfMadeClientsOnceAndOfGivenOnesNever(Action<LlmPipelineBuilder> broken)
    {
        using var host = new PipelineHost(builder => broken(builder.AddModel("made", _ => _made).AddModel("given", _given)));

        Assert.That(() => host.Chat, Throws.Exception);

        Assert.That((_made.Disposals, _given.Disposals), Is.EqualTo((1, 0)));
    }

    private static TestCaseData Broken(string how, Action<LlmPipelineBuilder> build) => new TestCaseData(build).SetArgDisplayNames(how);
}
