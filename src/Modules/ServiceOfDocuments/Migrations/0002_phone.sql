ALTER TABLE service_notice ADD phone_enc $text(400) NULL;
