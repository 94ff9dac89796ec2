using System.Text.Json.Serialization;

namespace Quickstart;

/// <summary>An order that the desk's tools know.</summary>
internal sealed record Order
{
    [JsonPropertyName("order")]
    public required string Number { get; init; }

    public required string Tenant { get; init; }

    public required string User { get; init; }

    /// <summary>What the tool <c>order_status</c> says.</summary>
    public required string Status { get; init; }

    /// <summary>What the tool <c>refund_quote</c> says.</summary>
    public required string Refund { get; init; }
}
