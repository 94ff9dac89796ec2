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

    [Test]
    public void Redact_NullDetectors_AreSaidAtOnce()
    {
        Assert.That(() => new GuardrailOptions().Redact(Rail.Texts, (ISpanDetector[])null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("detectors"));
        Assert.That(() => new GuardrailOptions().Block(Rail.Texts, TextDetectors.Secrets, null!), Throws.ArgumentException.With.Message.Contains("'1'"));
        Assert.That(() => new GuardrailOptions().DenyTerms(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("terms"));
    }

    private static TestCaseData Case(string name, Action<GuardrailOptions> configure, string named) => new TestCaseData(configure, named).SetArgDisplayNames(name);
}
