namespace LlmKit.Control.Caching;

/// <summary>Tells identifiers by their shape: digits among letters, marks inside, a capital in mid-word after a small beginning.</summary>
/// <remarks>A brand such as YouTube or iPhone is a name and no code: a question may leave it out.</remarks>
internal static class CodeShape
{
    public static bool IsCode(string token)
    {
        bool digit = false, letter = false, mark = false, hump = false;
        for (var i = 0; i < token.Length; i++)
        {
            digit |= char.IsDigit(token[i]);
            letter |= char.IsLetter(token[i]);
            mark |= token[i] is '_' or '#' or '+' or '-' || (token[i] == '.' && i > 0 && (i + 2 < token.Length || char.IsDigit(token[^1])));
            hump |= i > 0 && char.IsUpper(token[i]) && char.IsLower(token[i - 1]);
        }

        return (digit && letter) || mark || hump || (digit && token.Contains('.', StringComparison.Ordinal));
    }
}
