DROP INDEX kernel_audit_at ON kernel_audit;
