namespace Evaluate;

/// <summary>One thing that can be evaluated.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Usage">Its options, as they are printed.</param>
/// <param name="RunAsync">Does it with what follows the word.</param>
internal sealed record Command(string Name, string Usage, Func<string[], Output, CancellationToken, Task> RunAsync);
