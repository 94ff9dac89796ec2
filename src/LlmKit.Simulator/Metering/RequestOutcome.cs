namespace LlmKit.Simulator.Metering;

/// <summary>How a request to the simulator ended.</summary>
public enum RequestOutcome
{
    /// <summary>With a full answer, one cut at the token limit or a refusal of the model's own included.</summary>
    Answered,

    /// <summary>With an answer that the content filter ended.</summary>
    Filtered,

    /// <summary>With an HTTP error.</summary>
    Refused,

    /// <summary>With status 200 and a body that is not JSON.</summary>
    Malformed,

    /// <summary>With a connection reset, an error in the answer or in its place, or an end before the end.</summary>
    Broken,

    /// <summary>The client went away before the end, or the simulator was disposed.</summary>
    Abandoned,
}
