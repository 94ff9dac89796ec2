namespace Evaluate;

/// <summary>Evaluates the detectors of personal data and of prompt injection on labelled texts.</summary>
internal static class GuardCommand
{
    public static Command Entry { get; } = new("guard", GuardSettings.Usage, RunAsync);

    private static async Task RunAsync(string[] arguments, Output output, CancellationToken cancellationToken)
    {
        var settings = GuardSettings.Parse(arguments);
        var file = GuardFile.Read(settings.File);
        var result = new GuardResult(
            file.Rows,
            EntityScore.Of(file.Entities),
            file.Attacks.Count == 0 ? null : InjectionScore.Of(file.Attacks),
            Throughput.Measure([.. file.Entities.Select(row => row.Text), .. file.Attacks.Select(row => row.Text)], cancellationToken));
        if (settings.Json)
            await output.Result.WriteLineAsync(GuardJson.Of(result));
        else
            await GuardTable.WriteAsync(output.Result, result);
    }
}
