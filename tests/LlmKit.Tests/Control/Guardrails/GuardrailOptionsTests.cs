using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

public sealed class GuardrailOptionsTests
{
    private static readonly ScriptedChatClient Model = new(ScriptedAnswer.Text("hi"));

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("no rule", _ => { }, "no rule");
        yield return Case("a hold-back too small", options => options.RedactSecrets().MaxHoldback = 7, "'7'");
        yield return Case("an empty answer", options => options.RedactSecrets().BlockedAnswer = " ", "GuardrailOptions.BlockedAnswer");
        yield return Case("an unknown way to block", options => options.RedactSecrets().WhenBlocked = (WhenBlocked)9, "'9'");
        yield return Case("no list of terms", options => options.RedactSecrets().DeniedTerms = null!, "GuardrailOptions.DeniedTerms");
        yield return Case("a null term", options => options.DenyTerms("blue", null!), "'1'");
        yield return Case("a blank term", options => options.DenyTerms("blue", "green", " "), "'2'");
        yield return Case("no style", options => options.RedactSecrets().Style = null!, "GuardrailOptions.Style");
        yield return Case("a rail of nothing", options => options.RedactSecrets(0), "'0'");
        yield return Case("an unknown rail", options => options.RedactSecrets((Rail)64), "'64'");
        yield return Case("injection in answers", options => options.BlockPromptInjection(Rail.Output), "'Output'");
        yield return Case("injection in tool calls too", options => options.RemovePromptInjection(Rail.Untrusted | Rail.ToolCall), "'ToolCall'");
        yield return Case("data that no rule finds", options => options.RedactSecrets().KeepInRegions(["eu"], "IBAN"), "SECRET");
        yield return Case("data with a slip", options => options.RedactPersonalData().KeepOnModels(["own"], "CARD", "IBAM"), "'IBAM'");
        yield return Case("data of answers", options => options.Redact(Rail.Output, TextDetectors.Iban).RedactSecrets().KeepInRegions(["eu"], "IBAN"), "'IBAN'");
        yield return Case("data on trial", options => options.RedactSecrets().Observed(trial => trial.Redact(Rail.Input, TextDetectors.Iban)).KeepInRegions(["eu"], "IBAN"), "'IBAN'");
        yield return Case("data without a rule", options => options.BlockPromptLeak().KeepInRegions(["eu"]), "no rule");
        yield return Case("a region on trial", options => options.RedactSecrets().Observed(trial => trial.KeepInRegions(["eu"])), "KeepInRegions");
        yield return Case("a model on trial", options => options.RedactSecrets().Observed(trial => trial.KeepOnModels(["own"])), "KeepOnModels");
        yield return Case("a limit on trial", options => options.RedactSecrets().Observed(trial => trial.MostRequestLength = 9), "MostRequestLength");
        yield return Case("a list on trial", options => options.RedactSecrets().Observed(trial => trial.DeniedTerms = ["blue"]), "DeniedTerms");
        yield return Case("marks on trial", options => options.RedactSecrets().Observed(trial => trial.Spotlight()), "Spotlight");
        yield return Case("nothing on trial", options => options.RedactSecrets().Observed(trial => trial.Clear().RedactSecrets()), "Clear");
        yield return Case("a person on trial", options => options.RedactSecrets().Observed(trial => trial.LimitTools(tools => tools.Approve((_, _) => new(true)))), "Approve");
        yield return Case("a blank term on trial", options => options.RedactSecrets().Observed(trial => trial.DenyTerms("blue", " ")), "'1'");
    }

    [TestCaseSource(nameof(Wrong))]
    public void Build_WithAWrongRule_NamesIt(Action<GuardrailOptions> configure, string named)
    {
        var services = new ServiceCollection();
        services.AddLlmPipeline().AddModel("model", Model).UseGuardrails(configure);
        using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IChatClient>(), Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(1).And.Message.Contains(named).And.Message.EndsWith("."));
    }

    [TestCaseSource(nameof(Wrong))]
    public void New_WithAWrongRule_IsCheckedTheSame(Action<GuardrailOptions> configure, string named) =>
        Assert.That(() => LlmStages.Guardrails(configure)(Model, null!), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains(named));

    private static IEnumerable<TestCaseData> Bound()
    {
        yield return new TestCaseData((Action<GuardrailOptions>)(options => options.Flag(Rail.Input, [.. TextDetectors.Locale("DE")]).KeepInRegions(["eu"], "DE_TAX_ID"))).SetArgDisplayNames("a locale");
        yield return new TestCaseData((Action<GuardrailOptions>)(options => options.Flag(Rail.Input, TextDetectors.Encoded(TextDetectors.Iban)).KeepInRegions(["eu"], "IBAN"))).SetArgDisplayNames("encoded");
        yield return new TestCaseData((Action<GuardrailOptions>)(options => options.Flag(Rail.Input, TextDetectors.Pattern("badge", "BADGE", "B[0-9]{4}")).KeepInRegions(["eu"], "BADGE"))).SetArgDisplayNames("a pattern");
        yield return new TestCaseData((Action<GuardrailOptions>)(options => options.Flag(Rail.Input, new ThrowingDetector()).KeepInRegions(["eu"], "WHATEVER"))).SetArgDisplayNames("a detector that does not say");
        yield return new TestCaseData((Action<GuardrailOptions>)(options => options.DenyTerms("dynamite").KeepInRegions(["eu"], "TERM"))).SetArgDisplayNames("denied terms");
    }

    [TestCaseSource(nameof(Bound))]
    public void New_WithDataThatARuleMayFind_IsRight(Action<GuardrailOptions> configure) =>
        Assert.That(() => LlmStages.Guardrails(configure)(Model, null!), Throws.Nothing);

    [Test]
    public void Redact_NullDetectors_AreSaidAtOnce()
    {
        Assert.That(() => new GuardrailOptions().Redact(Rail.Texts, (ISpanDetector[])null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("detectors"));
        Assert.That(() => new GuardrailOptions().Block(Rail.Texts, TextDetectors.Secrets, null!), Throws.ArgumentException.With.Message.Contains("'1'"));
        Assert.That(() => new GuardrailOptions().DenyTerms(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("terms"));
    }

    private static TestCaseData Case(string name, Action<GuardrailOptions> configure, string named) => new TestCaseData(configure, named).SetArgDisplayNames(name);
}
