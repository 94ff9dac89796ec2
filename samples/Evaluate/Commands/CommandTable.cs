namespace Evaluate;

/// <summary>The commands, and how they end.</summary>
internal static class CommandTable
{
    public const int Done = 0;
    public const int BadInput = 2;
    private const int Stopped = 130;

    private static readonly Command[] s_commands = [CacheCommand.Entry, GuardCommand.Entry, RouteCommand.Entry];

    /// <summary>Runs the command that the first argument names.</summary>
    /// <returns>The exit code: 0 done, 2 for wrong arguments or a file that cannot be read, 130 when stopped.</returns>
    public static async Task<int> RunAsync(string[] arguments, Output output, CancellationToken cancellationToken)
    {
        if (s_commands.FirstOrDefault(command => command.Name == arguments.FirstOrDefault()) is not { } command)
            return await RefuseAsync(output, arguments.Length == 0 ? "No command is given." : $"The command '{arguments[0]}' is unknown.");
        try
        {
            await command.RunAsync(arguments[1..], output, cancellationToken);
            return Done;
        }
        catch (UsageException problem)
        {
            return await RefuseAsync(output, problem.Message);
        }
        catch (InputException problem)
        {
            await output.Error.WriteLineAsync(problem.Message);
            return BadInput;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Stopped;
        }
    }

    private static async Task<int> RefuseAsync(Output output, string problem)
    {
        await output.Error.WriteLineAsync(problem);
        await output.Error.WriteLineAsync("dotnet run -c Release --project samples/Evaluate -- COMMAND");
        foreach (var command in s_commands)
            await output.Error.WriteLineAsync(command.Usage);
        return BadInput;
    }
}
