using System.Text.RegularExpressions;

namespace Quickstart;

/// <summary>Puts test values in place of placeholders such as <c>{{key:openai}}</c>, so that nothing like a key or a card stands in a file.</summary>
internal static partial class Placeholders
{
    /// <summary>Fills in a request's text and notes what was put into it.</summary>
    public static WorkloadRequest Expand(WorkloadRequest request)
    {
        var values = new List<SensitiveValue>();
        var text = Placeholder().Replace(request.Text, match =>
        {
            var value = ValueOf(match.Groups["kind"].Value, match.Groups["name"].Value);
            values.Add(value);
            return value.Value;
        });

        return values.Count == 0 ? request : request with { Text = text, Sensitive = values };
    }

    private static SensitiveValue ValueOf(string kind, string name) => kind switch
    {
        "email" => new(SensitiveKind.Email, name),
        "card" => new(SensitiveKind.Card, TestNumbers.Card(name)),
        "iban" => new(SensitiveKind.Iban, TestNumbers.Iban(name)),
        "key" => new(SensitiveKind.Key, TestKeys.Key(name)),
        _ => throw new InvalidOperationException($"The placeholder kind '{kind}' is unknown. Use 'email', 'card', 'iban' or 'key'."),
    };

    [GeneratedRegex(@"\{\{(?<kind>[a-z]+):(?<name>[^{}]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
