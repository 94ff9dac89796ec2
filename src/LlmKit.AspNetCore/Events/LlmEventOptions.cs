namespace LlmKit.AspNetCore;

/// <summary>How a streamed answer is sent as server-sent events.</summary>
public sealed class LlmEventOptions
{
    /// <summary>Gets or sets after how long a silence a comment is sent, so that nobody on the way takes the connection for dead.</summary>
    /// <remarks>The first one sends the headers: a stream that fails after that is told as an event, with status 200.</remarks>
    /// <value>Above 0; 15 seconds by default; <see langword="null"/> sends none.</value>
    public TimeSpan? KeepAlive
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The silence of '{value}' is not above 0. Set LlmEventOptions.KeepAlive to a time such as 15 seconds, or to null for none.");
    } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets whether the last event tells the model and the cost.</summary>
    /// <value><see langword="true"/> by default; switch it off where customers are not to know them.</value>
    public bool ShowCost { get; set; } = true;
}
