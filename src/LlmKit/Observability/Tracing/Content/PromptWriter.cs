using System.Text.Json;
using LlmKit.Calls;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes the template of a prompt, and what was put into it: each text redacted and cut.</summary>
internal static class PromptWriter
{
    public const string Withheld = ContentScope.Withheld;

    public static void Template(Utf8JsonWriter writer, ContentScope scope, LlmPrompt prompt)
    {
        writer.WriteStartObject();
        scope.Text(writer, "template"u8, prompt.Template);
        writer.WriteEndObject();
    }

    public static void Variables(Utf8JsonWriter writer, ContentScope scope, LlmPrompt prompt)
    {
        var isClean = IsClean(scope, prompt);
        writer.WriteStartObject();
        foreach (var (name, value) in prompt.Variables)
        {
            if (scope.IsFull(writer))
                break;
            scope.PropertyName(writer, name);
            if (isClean && !scope.Withholds(name, value))
                ValueWriter.Write(writer, scope, IsWritten(value) ? LlmPrompt.WordOf(value) : value);
            else
                writer.WriteStringValue(Withheld);
        }

        writer.WriteEndObject();
    }

    /// <summary>Whether the variables may be told, each redacted by itself.</summary>
    public static bool IsClean(ContentScope scope, LlmPrompt prompt) => !scope.Redacts || IsCleanTogether(scope, prompt);

    /// <summary>Whether a value, such as a date or an enumeration's, is told as it stands in the text.</summary>
    private static bool IsWritten(object? value) =>
        value is IFormattable and not (int or long or short or byte or uint or ulong or ushort or sbyte or decimal or double or float);

    /// <summary>Whether parts that are redacted each by itself are so together too: what a value is may be said by the words before it.</summary>
    private static bool IsCleanTogether(ContentScope scope, LlmPrompt prompt)
    {
        if (scope.Clean(prompt.Template) is not { } template)
            return false;
        var rendered = PromptText.Fill(template, name => prompt.Variables.TryGetValue(name, out var value) ? scope.Clean(LlmPrompt.WordOf(value)) ?? "" : null);
        return scope.Clean(rendered) == rendered;
    }
}
