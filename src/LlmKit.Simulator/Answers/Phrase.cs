using System.Text;

namespace LlmKit.Simulator.Answers;

/// <summary>Brings text into the form in which whole words and phrases are compared: lower case, one space around every word.</summary>
internal static class Phrase
{
    public static string Normalise(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                result.Append(char.ToLowerInvariant(c));
            else if (result[^1] != ' ')
                result.Append(' ');
        }

        return result[^1] == ' ' ? result.ToString() : result.Append(' ').ToString();
    }

    public static string[] Words(string text) =>
        Normalise(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
