using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Serves the recorded results of a function where its cassette replays; elsewhere the function runs.</summary>
internal sealed class RecordedFunction(AIFunction function, Cassette cassette) : DelegatingAIFunction(function)
{
    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        cassette.Mode == CassetteMode.Replay ? new(cassette.PlayTool(Name, arguments)) : base.InvokeCoreAsync(arguments, cancellationToken);
}
