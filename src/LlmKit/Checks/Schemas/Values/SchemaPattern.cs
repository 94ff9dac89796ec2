using System.Text;
using System.Text.RegularExpressions;

namespace LlmKit.Checks.Schemas.Values;

/// <summary>Compiles the patterns of a schema, which are ECMA-262: classes are ASCII, and the dollar sign is the end and nothing before it.</summary>
internal static class SchemaPattern
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(50);

    /// <summary>Compiles a pattern for the backtracking engine, under a limit on time.</summary>
    /// <exception cref="ArgumentException">The pattern cannot be read.</exception>
    public static Regex Compile(string pattern) => new(Translate(pattern), RegexOptions.CultureInvariant, s_limit);

    private static string Translate(string pattern)
    {
        var output = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                output.Append(Escape(pattern[++i], inClass));
                continue;
            }

            output.Append((c, inClass) switch
            {
                ('$', false) => @"\z",
                // .NET would take it for the beginning of a class to subtract.
                ('[', true) => @"\[",
                _ => c.ToString(),
            });
            inClass = inClass ? c != ']' : c == '[';
        }

        return output.ToString();
    }

    private static string Escape(char c, bool inClass) => (c, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('D', false) => "[^0-9]",
        ('w', false) => "[A-Za-z0-9_]",
        ('w', true) => "A-Za-z0-9_",
        ('W', false) => "[^A-Za-z0-9_]",
        _ => "\\" + c,
    };
}
