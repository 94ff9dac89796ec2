using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace Quickstart;

/// <summary>The tools that the feature 'orders' offers to the model.</summary>
internal static class OrderTools
{
    public static IReadOnlyList<AIFunction> From(OrderBook book) =>
    [
        AIFunctionFactory.Create(
            ([Description("The order number, for example AB-1234.")] string order) => book.Ask(OrderBook.StatusTool, order),
            Options(OrderBook.StatusTool, "Says where an order is.")),
        AIFunctionFactory.Create(
            ([Description("The order number, for example AB-1234.")] string order) => book.Ask(OrderBook.RefundTool, order),
            Options(OrderBook.RefundTool, "Says how much a return of an order would bring.")),
    ];

    // The result stays the plain text that it is; by default it would become a JSON string. The schema is closed because
    // Anthropic's SDK closes it on the way: so both providers count the schema that we count.
    private static AIFunctionFactoryOptions Options(string name, string description) => new()
    {
        Name = name,
        Description = description,
        JsonSchemaCreateOptions = new() { TransformOptions = new() { DisallowAdditionalProperties = true } },
        MarshalResult = static (result, _, _) => ValueTask.FromResult(result),
    };
}
