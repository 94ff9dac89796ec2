namespace LlmKit.Simulator.Wire;

/// <summary>One answer as server-sent events, in the order of the calls.</summary>
internal interface IStreamFormat
{
    /// <summary>The events before the first content.</summary>
    string Opening();

    /// <summary>The events of a piece of the answer.</summary>
    string Delta(string piece);

    /// <summary>The finish reason, the usage, the end mark.</summary>
    string Closing();

    /// <summary>An error in mid-stream.</summary>
    string Failure();

    /// <summary>An error in the answer's place.</summary>
    string Error(int status);

    /// <summary>The end of an answer that an error cut short.</summary>
    string ErrorFinish(int status);

    /// <summary>A comment and an event without content.</summary>
    string KeepAlive();

    /// <summary>An event whose data is not JSON.</summary>
    string Malformed();
}
