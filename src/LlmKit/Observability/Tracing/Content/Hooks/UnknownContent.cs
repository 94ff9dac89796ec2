using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Stands for a part of a kind that cannot be copied: nobody knows which texts are in it.</summary>
internal sealed class UnknownContent(string type) : AIContent
{
    public string Type => type;
}
