using LlmKit.Checks;
using LlmKit.Text;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>Rules of every kind that need no model.</summary>
internal static class PipelineRules
{
    private static readonly RedactionStyle[] s_styles = [RedactionStyle.Label, RedactionStyle.Mask, RedactionStyle.Placeholder, RedactionStyle.Placeholder, RedactionStyle.KeyedHash("0123456789abcdef"u8)];

    private static readonly Rail[] s_rails = [Rail.All, Rail.Texts, Rail.Request, Rail.Output, Rail.Untrusted, Rail.Input];

    private static readonly (string Name, Action<GuardrailOptions> Add)[] s_rules =
    [
        ("personal data", static rules => rules.RedactPersonalData(Rail.All)),
        ("hidden and encoded", static rules => rules.Redact(Rail.All, TextDetectors.HiddenText, TextDetectors.Encoded(TextDetectors.Email, TextDetectors.Secrets))),
        ("exfiltration", static rules => rules.Redact(Rail.Output, RedactionStyle.Label, TextDetectors.Exfiltration("ok.test"))),
        ("denied terms", static rules => rules.DenyTerms("dynamite", "blue falcon nine")),
        ("prompt leak", static rules => rules.BlockPromptLeak(withCanary: true)),
        ("spotlight", static rules => rules.Spotlight(SpotlightStyle.Delimit)),
        ("topic", static rules => rules.DenyTopic("birds", 2, "falcon", "brown", "crew").FlagTopic("cards", 1, "card", "phone")),
        ("tools", static rules => rules.LimitTools(tools => (tools.Denied, tools.MostCalls) = (["other"], 5))),
        ("tools removed", static rules => rules.LimitTools(tools => (tools.Allowed, tools.WhenViolated) = (["send"], ToolViolation.Remove))),
        ("tool arguments", static rules => rules.LimitTools(tools => tools.Argument("send", "to", "[^@]*"))),
        ("format", static rules => rules.RequireFormat(AnswerFormats.AnyJson, format => format.FallbackAnswer = "{}")),
        ("format or block", static rules => rules.RequireFormat(AnswerFormats.Matching("[^#]*", "no number signs"))),
        ("answer length", static rules => rules.MostAnswerLength = 300),
        ("request length", static rules => rules.MostRequestLength = 1_500),
        ("repetition", static rules => rules.MostRepetition = 128),
        ("guard", static rules => rules.AddGuard(Rail.Texts, new DelegateGuard("parity", static (input, _) => new(input.Text.Length % 5 == 0 ? GuardVerdict.Flag("odd", 0.5) : GuardVerdict.Allow)))),
        ("redacting guard", static rules => rules.AddGuard(Rail.Output, new DelegateGuard("start", static (input, _) => new(GuardVerdict.Redact([new(0, 1)]))))),
        ("region", static rules => rules.Flag(Rail.Request, TextDetectors.Email).KeepOnModels(["model"], "EMAIL")),
        ("watched", static rules => rules.Observed(watched => watched.Block(Rail.Texts, TextDetectors.Url).RedactPersonalData().DenyTerms("crew").LimitTools())),
    ];

    public static void Draw(GuardCase one, List<Action<GuardrailOptions>> rules)
    {
        var style = one.Pick(s_styles);
        var held = one.Once(3) ? TextRedactorOptions.LeastMaxHoldback : 1_024;
        var overflow = one.Once(3) ? HoldbackOverflow.Block : HoldbackOverflow.Redact;
        rules.Add(options => (options.Style, options.MaxHoldback, options.OnOverflow) = (style, held, overflow));
        foreach (var (name, add) in s_rules)
        {
            if (!one.Once(5))
                continue;
            one.Note(name);
            rules.Add(add);
        }

        foreach (var (name, detector) in Subjects.Detectors)
        {
            if (!one.Once(40))
                continue;
            var rails = one.Pick(s_rails);
            var kind = one.Chance.Next(5);
            one.Note($"{(kind == 0 ? "block" : kind == 1 ? "flag" : "redact")} {name}");
            rules.Add(options => _ = kind == 0 ? options.Block(rails, detector) : kind == 1 ? options.Flag(rails, detector) : options.Redact(rails, detector));
        }

        Injection(one, rules);
    }

    private static void Injection(GuardCase one, List<Action<GuardrailOptions>> rules)
    {
        var kind = one.Chance.Next(8);
        if (kind > 2)
            return;
        one.Note($"injection {kind}");
        rules.Add(options => _ = kind == 0 ? options.BlockPromptInjection() : kind == 1 ? options.RemovePromptInjection() : options.FlagPromptInjection(Rail.Request));
    }
}
