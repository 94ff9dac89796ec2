using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Reports;

/// <summary>One report for the pipelines of a container, and none that nobody asked for.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class SpendingSharingTests(bool streamed)
{
    [Test]
    public async Task Report_OfTwoPipelines_SumsThoseThatAskForIt()
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline().AddPriced("a", ScriptedAnswer.Text("ok")).WithSpendingReport();
        services.AddLlmPipeline("second").AddPriced("b", ScriptedAnswer.Text("ok")).WithSpendingReport();
        services.AddLlmPipeline("silent").AddPriced("c", ScriptedAnswer.Text("ok"));
        using var provider = services.BuildServiceProvider();

        foreach (var key in new[] { null, "second", "silent" })
            await Outcome.OfAsync(provider.GetRequiredKeyedService<IChatClient>(key), streamed, BudgetRig.Call());

        var report = await provider.GetRequiredService<LlmSpending>().ReportAsync();
        Assert.That(report.ByModel().Select(model => model.Name), Is.EquivalentTo(new[] { "a", "b" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Report_OfAPipelineInAnother_CountsTheCallOnce(bool outerAsks)
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline("inner").AddPriced("small", ScriptedAnswer.Text("ok")).WithSpendingReport();
        var outer = services.AddLlmPipeline().AddModel("whole", provider => provider.GetRequiredKeyedService<IChatClient>("inner"));
        if (outerAsks)
            outer.WithSpendingReport();
        using var provider = services.BuildServiceProvider();

        await Outcome.OfAsync(provider.GetRequiredService<IChatClient>(), streamed, BudgetRig.Call());
        await Outcome.OfAsync(provider.GetRequiredService<IChatClient>(), streamed, BudgetRig.Call());

        var total = (await provider.GetRequiredService<LlmSpending>().ReportAsync()).Total;
        Assert.That((total.Calls, total.Attempts, total.Cost, total.Repeats), Is.EqualTo((2, 2, 22m, 1)));
    }

    [Test]
    public async Task Report_AJudgeInAnotherPipeline_IsPaidForByTheCallItServes()
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline("judges").AddPriced("judge", ScriptedAnswer.Text("yes")).WithSpendingReport();
        services.AddLlmPipeline().AddPriced("model", ScriptedAnswer.Text("ok"))
            .Use((inner, context) => new JudgingChatClient(inner, context.Services.GetRequiredKeyedService<IChatClient>("judges")));
        using var provider = services.BuildServiceProvider();

        await Outcome.OfAsync(provider.GetRequiredService<IChatClient>(), streamed: false, BudgetRig.Call());

        await Outcome.OfAsync(provider.GetRequiredService<IChatClient>(), streamed: false, BudgetRig.Call(), "another question");

        var row = (await provider.GetRequiredService<LlmSpending>().ReportAsync()).Rows.Single(row => row.Figures.Cost > 0);
        Assert.That((row.Tenant, row.Model, row.Figures.Cost), Is.EqualTo(("acme", "judge", 22m)));
        Assert.That((await provider.GetRequiredService<LlmSpending>().ReportAsync()).Total, Has.Property(nameof(SpendingFigures.Calls)).EqualTo(2).And.Property(nameof(SpendingFigures.Repeats)).EqualTo(0), "two questions that get the same judge are not the same question");
    }

    [Test]
    public void Build_ReportThatNobodyAskedFor_DoesNotExist()
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline().AddPriced("a", ScriptedAnswer.Text("ok"));
        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetService<LlmSpending>(), Is.Null);
    }

    [Test]
    public void Build_SettingsThatCannotBe_NamesAllOfThem()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(ChangingConfiguration.Of(("SpendingReport:DaysKept", "0")));
        services.AddLlmPipeline().AddPriced("a", ScriptedAnswer.Text("ok"))
            .WithSpendingReport(options => (options.TimeZone, options.MaxRows, options.MaxRequests, options.RepeatWindow) = ("Mars/Olympus", 0, -1, TimeSpan.Zero));
        using var provider = services.BuildServiceProvider();

        var failures = Assert.Throws<LlmConfigurationException>(() => provider.GetRequiredService<IChatClient>()).Failures;

        Assert.That(failures, Has.Exactly(5).Items);
        Assert.That(failures, Has.Some.Contains("'Mars/Olympus'").And.Some.Contains("DaysKept").And.Some.Contains("MaxRows").And.Some.Contains("MaxRequests").And.Some.Contains("RepeatWindow"));
    }

    [Test]
    public async Task Build_SettingsOfConfiguration_WinOverCode()
    {
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithSpendingReport(options => options.MaxRequests = 5),
            configuration: ChangingConfiguration.Of(("SpendingReport:MaxRequests", "0")));

        await rig.AskAsync(streamed);

        Assert.That((await rig.Services.GetRequiredService<LlmSpending>().ReportAsync()).RepeatWindow, Is.Null);
    }
}
