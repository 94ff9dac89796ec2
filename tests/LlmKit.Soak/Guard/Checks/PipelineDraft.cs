using System.Text.Json;
using LlmKit.Soak.Guard.Texts;
using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>Rules, a request and an answer that were drawn, each with a secret of its own.</summary>
internal sealed class PipelineDraft
{
    private readonly List<Action<GuardrailOptions>> _rules = [];
    private readonly string[] _question;
    private readonly string[] _documents;
    private readonly JsonElement _found;
    private readonly bool _hasTools;

    private PipelineDraft(GuardCase one)
    {
        RequestsSecret = Keys.Planted(one.Chance);
        AnswersSecret = Keys.Planted(one.Chance);
        _question = InParts(one, $"{Text(one)}\n {RequestsSecret} \n{Text(one)}");
        _documents = one.Once(2) ? InParts(one, $"{Text(one)}\n {RequestsSecret} \n{Text(one)}") : [];
        _found = JsonSerializer.SerializeToElement(new { hits = new object[] { Text(one), new { body = $"x {RequestsSecret} y" }, 3 } });
        _hasTools = one.Once(2);
        Answer = Answered(one);
        PipelineRules.Draw(one, _rules);
        Throws = one.Once(4);
        Observes = one.Once(12);
        if (Observes)
            one.Note("observed");
    }

    public string RequestsSecret { get; }

    public string AnswersSecret { get; }

    public ScriptedAnswer Answer { get; }

    /// <summary>Gets whether a block is an exception.</summary>
    public bool Throws { get; }

    /// <summary>Gets whether all rules only watch.</summary>
    public bool Observes { get; }

    public static PipelineDraft Draw(GuardCase one) => new(one);

    public void Configure(GuardrailOptions rules)
    {
        rules.RedactSecrets(Rail.All);
        foreach (var rule in _rules)
            rule(rules);
        (rules.WhenBlocked, rules.Observe) = (Throws ? WhenBlocked.Throw : WhenBlocked.Answer, Observes);
    }

    public List<ChatMessage> Messages()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, [new TextContent(Fragments.Confidential), .. _documents.Select(document => LlmContent.Retrieved(document))]),
            new(ChatRole.User, [.. _question.Select(part => new TextContent(part))]),
        ];
        if (_hasTools)
        {
            messages.Add(new(ChatRole.Assistant, [new FunctionCallContent("c0", "send", new Dictionary<string, object?> { ["to"] = "x" })]));
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent("c0", _found)]));
        }

        return messages;
    }

    private ScriptedAnswer Answered(GuardCase one)
    {
        var text = $"{Text(one)}\n {AnswersSecret} \n{Text(one)}";
        var answer = ScriptedAnswer.Text([.. HostileText.Pieces(text, HostileText.Cuts(one, text.Length))]);
        if (one.Once(2))
            return answer;
        var nested = JsonSerializer.SerializeToElement(new { to = new[] { $"x {AnswersSecret}", Text(one) }, deep = new { text = Text(one), count = 2 } });
        var call = new FunctionCallContent("c1", one.Once(5) ? "other" : "send", new Dictionary<string, object?> { ["to"] = Text(one), ["mail"] = nested });
        return answer with { Contents = [call], FinishReason = ChatFinishReason.ToolCalls };
    }

    /// <summary>Mostly whole, and else cut anywhere: models read parts as one text.</summary>
    private static string[] InParts(GuardCase one, string text) => one.Once(2) ? [text] : [.. HostileText.Pieces(text, HostileText.Cuts(one, text.Length))];

    private static string Text(GuardCase one) => one.Draw(HostileText.Draw(one, 6));
}
