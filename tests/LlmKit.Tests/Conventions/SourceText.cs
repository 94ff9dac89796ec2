using System.Text.RegularExpressions;

namespace LlmKit.Tests.Conventions;

/// <summary>Reads C# files just well enough to see which types they declare and name.</summary>
internal static partial class SourceText
{
    /// <summary>Gives the types that a file declares outside of other types.</summary>
    public static IEnumerable<string> TopLevelTypes(string source) => Declaration().Matches(source).Select(match => match.Groups["name"].Value);

    /// <summary>Gives the namespace that a file stands in.</summary>
    public static string Namespace(string source) => NamespaceLine().Match(source).Groups["name"].Value;

    /// <summary>Gives the namespaces that a file opens, and those it names in full.</summary>
    public static IEnumerable<string> Usings(string source) => Opened().Matches(source).Select(match => match.Groups["name"].Value)
        .Concat(InFull().Matches(Comments().Replace(source, " ")).SelectMany(match => Prefixes(match.Value)));

    /// <summary>Gives every identifier outside of comments and strings.</summary>
    public static HashSet<string> Identifiers(string source) =>
        [.. Identifier().Matches(Strings().Replace(Comments().Replace(source, " "), "\"\"")).Select(match => match.Value)];

    private static IEnumerable<string> Prefixes(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
            yield return name[..dot];
    }

    [GeneratedRegex(@"^(?:public |internal |file )?(?:static |sealed |abstract |readonly |ref |partial )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Opened();

    [GeneratedRegex(@"\bLlmKit(?:\.\w+)+")]
    private static partial Regex InFull();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Identifier();
}
