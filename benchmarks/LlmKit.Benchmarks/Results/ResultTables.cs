using System.Diagnostics;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Loggers;
using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Results;

/// <summary>Measures everything and writes a table for each class, to be committed.</summary>
internal static class ResultTables
{
    private const string Folder = "benchmarks/results";

    /// <param name="names">The classes to measure, without their ending; all when empty.</param>
    public static int Write(IReadOnlyList<string> names)
    {
        if (!IsRoot())
            return 1;
        var wanted = Measurer.Classes.Select(Measurer.NameOf).Where(name => names.Count == 0 || names.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        var origin = Origin();
        foreach (var name in wanted)
        {
            var measured = Measurer.Run(Measurer.Thorough, row => row.StartsWith(name + ".", StringComparison.Ordinal), ConsoleLogger.Default);
            Save(name, Table(name, origin, measured));
        }

        return 0;
    }

    /// <summary>Writes one table to its file; gives the exit code.</summary>
    public static int Save(string name, string table)
    {
        if (!IsRoot())
            return 1;
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name + ".md"), table);
        return 0;
    }

    private static bool IsRoot()
    {
        if (File.Exists("LlmKit.sln"))
            return true;
        Console.Error.WriteLine("Run this in the repository's root: the tables go to " + Folder + ".");
        return false;
    }

    private static string Table(string name, string origin, List<Measurement> measured)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {name}\n\n{origin}\n");
        foreach (var category in measured.GroupBy(measurement => measurement.Category))
        {
            var bare = category.First(measurement => measurement.IsBaseline);
            text.Append(CultureInfo.InvariantCulture, $"\n## {category.Key}\n\n| | Median | Best | Above bare | Allocated |\n|---|---:|---:|---:|---:|\n");
            foreach (var row in category)
                text.Append(CultureInfo.InvariantCulture, $"| {row.Description} | {row.Median:#,0.0} ns | {row.Best:#,0.0} ns | {Math.Max(0, row.Best - bare.Best):#,0} ns | {row.Bytes:#,0} B |\n");
        }

        return text.ToString();
    }

    /// <summary>Says when, from which commit and on which machine a table was made.</summary>
    public static string Origin()
    {
        var machine = string.Join("; ", HostEnvironmentInfo.GetCurrent().ToFormattedString().Select(line => line.Trim()));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, commit {Git("rev-parse --short HEAD")}{(Git("status --porcelain -- src benchmarks/LlmKit.Benchmarks").Length > 0 ? " with changes" : "")}. {machine}.");
    }

    private static string Git(string arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "";
    }
}
