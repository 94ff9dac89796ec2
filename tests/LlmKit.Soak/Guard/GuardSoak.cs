using System.Diagnostics;
using LlmKit.Soak.Guard.Checks;

namespace LlmKit.Soak.Guard;

/// <summary>Draws hostile texts for the guardrails, for a time, and says which promises they broke and how to see it again.</summary>
internal static class GuardSoak
{
    private const int MostFindings = 20;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestCase = TimeSpan.FromMinutes(2);

    private static readonly (string Name, int Weight, Func<GuardCase, Task> Run)[] s_checks =
    [
        ("entries", 30, Plain(EntryCheck.Run)),
        ("stream", 40, Plain(StreamCheck.Run)),
        ("stop", 25, Plain(StopCheck.Run)),
        ("pipeline", 25, PipelineCheck.RunAsync),
        ("long", 3, Plain(LongCheck.Run)),
        ("linear", 4, Plain(LinearityCheck.Run)),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (GuardSoakSettings.Parse(arguments) is not { } settings)
        {
            Console.Error.WriteLine(GuardSoakSettings.Usage);
            return 2;
        }

        Console.WriteLine($"seed {settings.Seed}, {settings.Time.TotalSeconds} s");
        using var progress = new Progress(settings.Seed, BetweenLines, LongestCase);
        var counts = s_checks.ToDictionary(check => check.Name, _ => 0);
        var findings = settings.Case > 0 ? 0 : HostileSeeds.Run();
        var watch = Stopwatch.StartNew();
        for (var number = Math.Max(1, settings.Case); findings < MostFindings && watch.Elapsed < settings.Time; number++)
        {
            progress.Begin(number);
            var one = new GuardCase(settings.Seed, number);
            await RunAsync(one).ConfigureAwait(false);
            counts[one.Check]++;
            findings += Tell(settings.Seed, one);
            if (settings.Case > 0)
                break;
        }

        foreach (var (name, count) in counts)
            Console.WriteLine($"  {count,10} {name}");
        Console.WriteLine($"{(findings == 0 ? "held" : "BROKEN")}: seed {settings.Seed}, {counts.Values.Sum()} cases, {findings} findings");
        return findings == 0 ? 0 : 1;
    }

    private static async Task RunAsync(GuardCase one)
    {
        var check = Choose(one.Chance.Next(s_checks.Sum(check => check.Weight)));
        one.Check = check.Name;
        try
        {
            await check.Run(one).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Its message may quote the text; where it came from says enough.
            one.Findings.Add($"{exception.GetType().Name} {exception.StackTrace?.ReplaceLineEndings(" ")}");
        }
    }

    private static (string Name, int Weight, Func<GuardCase, Task> Run) Choose(int ticket)
    {
        foreach (var check in s_checks)
        {
            if (ticket < check.Weight)
                return check;
            ticket -= check.Weight;
        }

        return s_checks[0];
    }

    private static int Tell(int seed, GuardCase one)
    {
        foreach (var finding in one.Findings)
            Console.WriteLine($"  FOUND --seed {seed} --case {one.Number} {one.Check}: {finding} [{one.Recipe}]");
        return one.Findings.Count;
    }

    private static Func<GuardCase, Task> Plain(Action<GuardCase> run) => one =>
    {
        run(one);
        return Task.CompletedTask;
    };
}
