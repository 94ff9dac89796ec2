using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>The empty update that ends a stream and carries its call.</summary>
internal sealed class CallUpdate : ChatResponseUpdate
{
    public CallUpdate(LlmCall call) => Call = call;

    internal LlmCall Call { get; }
}
