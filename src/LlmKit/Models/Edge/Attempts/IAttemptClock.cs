namespace LlmKit.Models;

/// <summary>Is told when an attempt is sent: what it waits for before, such as a reservation, is not the model's time.</summary>
internal interface IAttemptClock
{
    /// <summary>The attempt has come to the model's door, which may have to wait.</summary>
    void Waiting();

    /// <summary>The attempt is sent.</summary>
    /// <param name="timestamp">When.</param>
    void Sending(long timestamp);
}
