using System.ClientModel.Primitives;

namespace LlmKit.OpenAI;

/// <summary>Catches what a streamed answer's headers say is left of the provider's limits: the SDK does not give them with a stream.</summary>
/// <remarks>The box is opened by the method that begins the stream and found through the flow of that call, so concurrent calls on one
/// client do not see each other's.</remarks>
internal sealed class LimitTap : PipelinePolicy
{
    private static readonly AsyncLocal<Box?> Current = new();

    /// <summary>Directs what the calls of the current method catch into a box. It must be an async method, which ends the flow with itself.</summary>
    internal static void Into(Box box) => Current.Value = box;

    /// <summary>Reads what an answer's headers say.</summary>
    internal static ProviderLimits? Read(PipelineResponse? response) =>
        response is null ? null : ProviderLimits.Read(name => response.Headers.TryGetValue(name, out var value) ? value : null);

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        ProcessNext(message, pipeline, currentIndex);
        Keep(message);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        await ProcessNextAsync(message, pipeline, currentIndex).ConfigureAwait(false);
        Keep(message);
    }

    private static void Keep(PipelineMessage message)
    {
        if (Current.Value is { } box)
            box.Left = Read(message.Response);
    }

    /// <summary>What one stream was told.</summary>
    internal sealed class Box
    {
        public ProviderLimits? Left { get; set; }
    }
}
