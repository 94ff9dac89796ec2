using System.Text.Json;

namespace Quickstart;

/// <summary>What the desk knows about orders; the tools read from it.</summary>
internal sealed class OrderBook
{
    public const string StatusTool = "order_status";
    public const string RefundTool = "refund_quote";

    private readonly Dictionary<string, Order> _orders;

    private OrderBook(IEnumerable<Order> orders) =>
        _orders = orders.ToDictionary(order => order.Number, StringComparer.Ordinal);

    public IReadOnlyCollection<Order> Orders => _orders.Values;

    public static OrderBook Load()
    {
        using var file = BundledFile.Open(BundledFile.Orders);
        return new(JsonSerializer.Deserialize(file, BundledJson.Default.OrderArray) ?? []);
    }

    /// <summary>What a tool says about an order.</summary>
    public string Ask(string tool, string number) => (tool, _orders.GetValueOrDefault(number)) switch
    {
        (StatusTool, { } order) => order.Status,
        (RefundTool, { } order) => order.Refund,
        (_, null) => $"There is no order {number}.",
        _ => throw new InvalidOperationException($"The tool '{tool}' is unknown. Use '{StatusTool}' or '{RefundTool}'."),
    };
}
