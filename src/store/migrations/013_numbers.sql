-- What was spent, kept and waited for: everything that is added up is in this index, so that no request's body is read.
-- Nothing looks takes up by their estimates, so no other query uses it.
CREATE INDEX takes_numbers ON takes (
    estimate, backend, reel_id, model, sweep, state, verdict, duration, cost, error_kind);
-- The newest saved takes, which show how long takes take.
CREATE INDEX takes_saved ON takes (backend) WHERE state = 'saved';
