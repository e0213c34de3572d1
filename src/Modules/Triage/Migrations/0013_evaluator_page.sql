-- evaluators of a neutral evaluation answer on a page of their own; each sees nothing of the others
ALTER TABLE triage_evaluation ADD token_enc $text(400) NULL;

CREATE TABLE triage_public_evaluation (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  evaluation_id $id NOT NULL,
  mediation_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  evaluator_name $text(60) NOT NULL,
  question_enc $note NOT NULL,
  opinion_enc $note NULL,
  due_on $date NOT NULL,
  given_at $time NULL,
  withdrawn_at $time NULL,
  expires_at $time NOT NULL
);

CREATE INDEX triage_public_evaluation_of ON triage_public_evaluation (evaluation_id);
