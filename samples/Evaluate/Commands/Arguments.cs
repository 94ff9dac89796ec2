using System.Globalization;

namespace Evaluate;

/// <summary>What follows a command: one file, maybe <c>--json</c>, and options with a value.</summary>
/// <param name="File">The file.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
/// <param name="Options">The options with their values, which are empty where none is given.</param>
internal sealed record Arguments(string File, bool Json, IReadOnlyList<(string Name, string Value)> Options)
{
    /// <exception cref="UsageException">No file is given.</exception>
    public static Arguments Read(string[] words)
    {
        var (file, json, options) = ("", false, new List<(string, string)>());
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == "--json")
                json = true;
            else if (!words[i].StartsWith("--", StringComparison.Ordinal) && file.Length == 0)
                file = words[i];
            else
                options.Add((words[i], ++i < words.Length ? words[i] : ""));
        }

        return file.Length > 0 ? new(file, json, options) : throw new UsageException("No file is given.");
    }

    /// <summary>Lays the options over settings, one after the other.</summary>
    public T Over<T>(T settings, Func<T, string, string, T> with) => Options.Aggregate(settings, (laid, option) => with(laid, option.Name, option.Value));

    /// <exception cref="UsageException">Always.</exception>
    public static T Unknown<T>(string name) => throw new UsageException($"The argument '{name}' is unknown.");

    /// <exception cref="UsageException">The value is no share between 0 and 1.</exception>
    public static double ShareOf(string name, string value, string example) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1
            ? share
            : throw new UsageException($"The option '{name}' needs a share between 0 and 1, such as {example}.");

    /// <exception cref="UsageException">The value is missing.</exception>
    public static string TextOf(string name, string value) => value.Length > 0 ? value : throw new UsageException($"The option '{name}' lacks its value.");
}
