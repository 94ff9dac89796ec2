using System.Text.RegularExpressions;

namespace LlmKit.Text.Patterns;

/// <summary>Refuses expressions of which the work can explode.</summary>
/// <remarks>
/// By their form where that is plain: references to groups, a repeated group that holds nothing but a repetition, two equal repetitions
/// side by side. Else by trial: each repetition is fed with what it repeats, behind what leads to it, and with an end that makes it fail.
/// </remarks>
internal static partial class PatternCheck
{
    private const int Tries = 3;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks an expression for matches of a given length.</summary>
    /// <exception cref="ArgumentException">The expression cannot be read, or its work can explode; the message says what to change.</exception>
    public static void Verify(string pattern, RegexOptions flags, int maxLength)
    {
        var regex = Compile(pattern, flags);
        if (Reference().IsMatch(pattern))
            throw Error(pattern, "refers to a group, which cannot be bounded. Write the alternatives out.");
        if (RepeatedRepetition().Match(pattern) is { Success: true } nested)
            throw Error(pattern, $"repeats a repetition at character {nested.Index}. Repeat once, such as 'a+' instead of '(a+)+'.");
        if (TwinRepetition().Match(pattern) is { Success: true } twin)
            throw Error(pattern, $"repeats the same twice in a row at character {twin.Index}. Repeat once.");

        foreach (var probe in PatternProbes.For(pattern, maxLength + PatternDetector.LookAhead))
        {
            if (TakesTooLong(regex, probe))
                throw Error(pattern, "takes too long on text made to deceive it. Give repetitions a bound, such as {1,20}, and let what follows one begin with a character that it cannot repeat.");
        }
    }

    private static Regex Compile(string pattern, RegexOptions flags)
    {
        try
        {
            _ = new Regex(pattern, flags);
            return new Regex($@"\G(?:{pattern})", flags, s_limit);
        }
        catch (RegexParseException exception)
        {
            throw new ArgumentException($"The pattern '{pattern}' cannot be read: {exception.Message}", exception);
        }
    }

    // More than once, since a busy machine can stop anybody for a while.
    private static bool TakesTooLong(Regex regex, string probe)
    {
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                regex.IsMatch(probe);
                return false;
            }
            catch (RegexMatchTimeoutException)
            {
                continue;
            }
        }

        return true;
    }

    private static ArgumentException Error(string pattern, string complaint) => new($"The pattern '{pattern}' {complaint}");

    [GeneratedRegex(@"(?<!\\)(?:\\\\){0,8}\\(?:[1-9]|k[<'{])", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\((?:\?:)?(?:\\?[^\\()\[\]|*+?{}]|\[[^\[\]]{1,200}\])(?:[*+]|\{[0-9]{1,4},\})\)(?:[*+]|\{[0-9]{1,4},)", RegexOptions.CultureInvariant)]
    private static partial Regex RepeatedRepetition();

    [GeneratedRegex(@"(?<atom>\\[dDwWsS]|(?<!\\)\.|\[[^\[\]]{1,200}\])[*+]\k<atom>[*+]", RegexOptions.CultureInvariant)]
    private static partial Regex TwinRepetition();
}
