using LlmKit.Calls;
using LlmKit.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at one request: gives the messages to send, or the rule that blocks them.</summary>
internal sealed class InputRail(GuardrailPolicy policy, LlmCall call)
{
    private const string PromptInjection = "prompt-injection";

    private readonly List<TextHit> _hits = [];

    /// <summary>Gives the messages to send; the very list when nothing was found.</summary>
    public static (IReadOnlyList<ChatMessage> Messages, string? BlockedBy) Look(GuardrailPolicy policy, LlmCall call, IReadOnlyList<ChatMessage> messages)
    {
        var rail = new InputRail(policy, call);
        var clean = policy.Input is null ? messages : new MessageRedactor(policy.Input, rail.Removed).Redact(messages);
        var blockedBy = rail.BlockingRule(messages);
        rail.Record();
        return policy.Observe ? (messages, null) : (clean, blockedBy);
    }

    private static string? TextOf(AIContent content) => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => reasoning.Text,
        FunctionResultContent result => ToolResultText.Of(result),
        _ => null,
    };

    /// <summary>The messages after the model's last turn are new. What stood in an earlier turn was blocked then, and does not block the conversation for ever.</summary>
    private static int FirstNew(IReadOnlyList<ChatMessage> messages)
    {
        var index = messages.Count;
        while (index > 0 && messages[index - 1].Role != ChatRole.Assistant)
            index--;
        return index;
    }

    private void Removed(string text, IReadOnlyList<TextHit> hits)
    {
        _hits.AddRange(hits);
        if (!policy.Observe)
            call.AddSalt(Convert.FromHexString(RedactionFingerprint.PerProcess.Compute(text, hits)));
    }

    private string? BlockingRule(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = FirstNew(messages); i < messages.Count; i++)
        {
            foreach (var content in messages[i].Contents)
            {
                if (TextOf(content) is { Length: > 0 } text && BlockingRule(messages[i].Role, text) is { } rule)
                    return rule;
            }
        }

        return null;
    }

    private string? BlockingRule(ChatRole role, string text)
    {
        // The application's own instructions may speak of instructions.
        if (role != ChatRole.System && policy.Injection?.Evaluate(text) is { IsSuspected: true } verdict)
        {
            GuardrailTelemetry.Record(call, Rail.Input, Verdict.Block, PromptInjection, verdict.Hits.Count, policy.Observe);
            return PromptInjection;
        }

        if (policy.Input is null || !_hits.Exists(hit => BlockingDetector.IsBlocking(hit.Rule)))
            return null;
        return policy.Input.Find(text).Where(hit => BlockingDetector.IsBlocking(hit.Rule)).Select(hit => BlockingDetector.NameOf(hit.Rule)).FirstOrDefault();
    }

    private void Record()
    {
        if (_hits.Count == 0)
            return;
        GuardrailTelemetry.Record(call, Rail.Input, _hits, policy.Observe);
        call.AddFact("llmkit.rails.found", _hits.Select(hit => hit.Entity).Distinct().ToArray());
    }
}
