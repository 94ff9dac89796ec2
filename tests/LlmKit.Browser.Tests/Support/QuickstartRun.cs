using System.Diagnostics;

namespace LlmKit.Browser.Tests.Support;

/// <summary>The Quickstart in a process of its own, on its simulated providers, with its report.</summary>
internal static class QuickstartRun
{
    /// <summary>Runs it and gives the traces' page.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="requests">How many requests it makes.</param>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> ReportAsync(string folder, int requests)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Quickstart.dll"), "--json", "--requests", $"{requests}", "--report", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Never the real providers, which are paid for.
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("ANTHROPIC_API_KEY");
        using var run = Process.Start(start)!;
        var said = run.StandardOutput.ReadToEndAsync();
        var failed = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        return run.ExitCode == 0 ? Path.Combine(folder, "traces.html")
            : throw new InvalidOperationException($"The Quickstart ended with {run.ExitCode}: {failed}{await said}");
    }
}
