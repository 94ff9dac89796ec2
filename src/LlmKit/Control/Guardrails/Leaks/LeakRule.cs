using LlmKit.Text;
using LlmKit.Text.Leaks;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Keeps what the application tells the model from coming out in the answer.</summary>
internal sealed class LeakRule(bool withCanary, bool observed)
{
    public bool Observed => observed;

    /// <summary>Gives the rules for the answer to one request, and puts a canary into the request.</summary>
    public TextRule[] Prepare(RequestDraft draft, ChatOptions options, bool mayChange)
    {
        List<string> own = [.. draft.Messages.Where(message => message.Role == ChatRole.System).Select(OwnText).Where(text => text.Length > 0)];
        if (options.Instructions is { Length: > 0 } instructions)
            own.Add(instructions);
        if (own.Count == 0)
            return [];
        var style = observed ? RedactionStyle.Label : null;
        var leak = new TextRule(new PromptLeakDetector([.. own, .. (options.Tools ?? []).Select(tool => tool.Description).Where(text => text.Length > 0)]), style);
        if (!withCanary || !mayChange)
            return [leak];
        var canary = Canary.For(string.Join('\n', own));
        draft.AddInstruction(canary.Line);
        return [leak, new(canary.Detector, style)];
    }

    // What was found and is only quoted to the model is no secret of the application.
    private static string OwnText(ChatMessage message) => string.Concat(message.Contents.OfType<TextContent>().Where(text => !text.IsRetrieved()).Select(text => text.Text));
}
