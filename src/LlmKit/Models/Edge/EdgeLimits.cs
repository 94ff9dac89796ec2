using LlmKit.Calls;

namespace LlmKit.Models;

/// <summary>How many output tokens an attempt may ask for.</summary>
internal static class EdgeLimits
{
    /// <summary>An answer shorter than this serves nobody: below it an attempt is refused instead of shortened.</summary>
    public const int LeastOutputTokens = 16;

    /// <summary>What was asked for, within the model's maximum; when nothing was, the least of the default of 4,096, what the window leaves of it, the model's maximum and what every limit on money affords.</summary>
    /// <remarks>A caller who names a length is refused rather than given less, unless a limit says otherwise: only an open one is fitted to the money.</remarks>
    public static async ValueTask<(long Tokens, bool Shrunk)> MaxOutputAsync(
        LlmCall call, Model model, RequestFacts request, ISpendingHook[] hooks, int? asked, CancellationToken cancellationToken)
    {
        var input = request.WorstTokens(model, call);
        long tokens = Math.Min(asked ?? Model.DefaultMaxOutputTokens, model.MaxOutputTokens ?? int.MaxValue);
        if (asked is null && model.ContextWindow is { } window && input + tokens > window)
            tokens = Math.Clamp(window - request.Tokens(model, call), 1, tokens);
        var wanted = tokens;
        foreach (var hook in hooks)
        {
            if (model.Price is null && hook.NeedsPrice)
            {
                throw new AttemptRefusedException(
                    RefusalReason.Budget,
                    model.Name,
                    $"The model '{model.Name}' has no price and a limit on money applies. Set ModelOptions.Price (USD per million tokens), CatalogueId, or ModelPrice.Free, or declare a price for all such models with WithFallbackPrice.");
            }

            if ((asked is null || hook.ShortensAnswers) && await hook.HeadroomAsync(new(call, model, input), cancellationToken).ConfigureAwait(false) is { } headroom)
                tokens = Math.Min(tokens, AffordableOutput(headroom, model.Price, input));
        }

        // What cannot be fitted is reserved as it was asked for, so that the hook itself says why it does not fit.
        return tokens < Math.Min(wanted, LeastOutputTokens) ? (wanted, false) : (tokens, tokens < wanted);
    }

    private static long AffordableOutput(Expense headroom, ModelPrice? price, long input) => Math.Min(
        headroom.Tokens == long.MaxValue ? long.MaxValue : headroom.Tokens - input,
        price is null || headroom.Money == Money.MaxValue ? long.MaxValue : price.AffordableOutput(headroom.Money, input));
}
