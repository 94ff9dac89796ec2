using System.Runtime.CompilerServices;
using LlmKit.Calls;

namespace LlmKit.Models;

/// <summary>What was found out about a request because somebody asked, so that it is found out once. Thread-safe: what two find at once is the same.</summary>
internal sealed class RequestTally
{
    private StrongBox<TokenMix>? _mix;
    private ModelCount? _counted;

    /// <summary>Gives the estimate by kind.</summary>
    public ref readonly TokenMix Mix(RequestFacts request) => ref (_mix ??= new(request.Scan())).Value;

    /// <summary>Gives the count of a model's own tokenizer; <see langword="null"/> when it failed. Another model's count takes its place.</summary>
    public long? Counted(RequestFacts request, Model model, LlmCall? call)
    {
        var known = _counted;
        if (known?.Model != model)
            _counted = known = new(model, request.Count(model, call));
        return known.Tokens;
    }

    private sealed record ModelCount(Model Model, long? Tokens);
}
