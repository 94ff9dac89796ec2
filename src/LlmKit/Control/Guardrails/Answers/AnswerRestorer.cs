using LlmKit.Text.Placeholders;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Puts the request's own values back where the answer names their placeholders: in texts, and in the arguments of tool calls.</summary>
internal sealed class AnswerRestorer(PlaceholderMap placeholders, bool? isJson)
{
    public ContentFlow Flow { get; } = new(
        _ => new Run(new(placeholders, isJson)),
        content => content switch
        {
            FunctionCallContent { Arguments.Count: > 0 } call => Restore(call, placeholders),
            ErrorContent error => ContentText.With(error, Restore(error.Message, placeholders), Restore(error.Details, placeholders)),
            _ => content,
        });

    /// <summary>Whether an answer in this form is JSON, as far as the request tells.</summary>
    public static bool? IsJson(ChatOptions options) => options.ResponseFormat is ChatResponseFormatJson ? true : null;

    /// <summary>Puts the values back into the arguments of a tool call; the very call where it names none.</summary>
    public static FunctionCallContent Restore(FunctionCallContent call, PlaceholderMap placeholders)
    {
        var changed = JsonTexts.Change(call.Arguments!, (_, text) =>
            PlaceholderRestorer.Restore(text, placeholders, isJson: false) is var restored && ReferenceEquals(restored, text) ? null : restored);
        return changed is null ? call : ContentText.With(call, changed);
    }

    private static string? Restore(string? text, PlaceholderMap placeholders) =>
        text is null ? null : PlaceholderRestorer.Restore(text, placeholders, isJson: false);

    private sealed class Run(PlaceholderRestorer restorer) : ITextRun
    {
        public bool IsHolding => restorer.Held > 0;

        public bool HasChanged => restorer.HasRestored;

        public string Append(string piece) => restorer.Append(piece);

        public string Complete() => restorer.Complete();
    }
}
