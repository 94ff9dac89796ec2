using System.Text;

namespace LlmKit.Calls;

/// <summary>Fills the placeholders of a template.</summary>
internal static class PromptText
{
    private const string Opening = "{{";
    private const string Closing = "}}";

    /// <summary>Gives the template with what stands for each placeholder in its place.</summary>
    /// <param name="template">The template.</param>
    /// <param name="valueOf">Gives what stands for a name; <see langword="null"/> leaves the placeholder as it is.</param>
    public static string Fill(string template, Func<string, string?> valueOf)
    {
        var text = new StringBuilder(template.Length);
        var done = 0;
        for (var at = template.IndexOf(Opening, StringComparison.Ordinal); at >= 0; at = template.IndexOf(Opening, at, StringComparison.Ordinal))
        {
            var end = template.IndexOf(Closing, at + Opening.Length, StringComparison.Ordinal);
            if (end < 0)
                break;
            var name = template.AsSpan(at + Opening.Length, end - at - Opening.Length).Trim();
            if (!IsName(name) || valueOf(name.ToString()) is not { } value)
            {
                // "{{{name}}" begins one character later.
                at++;
                continue;
            }

            text.Append(template, done, at - done).Append(value);
            at = done = end + Closing.Length;
        }

        return text.Append(template, done, template.Length - done).ToString();
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsLetterOrDigit(letter) && letter is not ('_' or '.' or '-'))
                return false;
        }

        return !name.IsEmpty;
    }
}
