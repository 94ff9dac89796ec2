namespace LlmKit.Models;

/// <summary>Is told when an attempt is sent: what it waited for before, such as a reservation, is not the model's time.</summary>
internal interface IAttemptClock
{
    void Sending();
}
