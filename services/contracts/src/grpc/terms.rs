//! `TermService`.

use proto::contracts::v1::{
    CloseContractRequest, ConfirmTacitRenewalRequest, Contract, ExtendContractRequest,
    GetRenewalRequest, GetWithdrawalRequest, GiveWithdrawalNoticeRequest, GrantRenewalRequest,
    ListRenewalsRequest, ListRenewalsResponse, ListWithdrawalsRequest, ListWithdrawalsResponse,
    RefuseRenewalRequest, Renewal, RequestRenewalRequest, SetWithdrawalTermsRequest, Withdrawal,
    term_service_server::TermService,
};

use crate::app::{App, close_contract, extend_contract, renewals, withdrawals};

/// Answers `TermService`.
#[derive(Debug, Clone)]
pub(crate) struct Terms(pub(crate) App);

rpc::answers! {
    TermService for Terms;

    fn request_renewal(app, call, request: RequestRenewalRequest) -> Renewal {
        renewals::request(app, &call, request).await?
    }
    fn grant_renewal(app, call, request: GrantRenewalRequest) -> Renewal {
        renewals::grant(app, &call, request).await?
    }
    fn refuse_renewal(app, call, request: RefuseRenewalRequest) -> Renewal {
        renewals::refuse(app, &call, request).await?
    }
    fn confirm_tacit_renewal(app, call, request: ConfirmTacitRenewalRequest) -> Renewal {
        renewals::confirm_tacit(app, &call, request).await?
    }
    fn get_renewal(app, call, request: GetRenewalRequest) -> Renewal {
        renewals::get(app, &call, request).await?
    }
    fn list_renewals(app, call, request: ListRenewalsRequest) -> ListRenewalsResponse {
        renewals::list(app, &call, request).await?
    }
    fn extend_contract(app, call, request: ExtendContractRequest) -> Contract {
        extend_contract::run(app, &call, request).await?
    }
    fn close_contract(app, call, request: CloseContractRequest) -> Contract {
        close_contract::run(app, &call, request).await?
    }
    fn give_withdrawal_notice(app, call, request: GiveWithdrawalNoticeRequest) -> Withdrawal {
        withdrawals::give_notice(app, &call, request).await?
    }
    fn set_withdrawal_terms(app, call, request: SetWithdrawalTermsRequest) -> Withdrawal {
        withdrawals::set_terms(app, &call, request).await?
    }
    fn get_withdrawal(app, call, request: GetWithdrawalRequest) -> Withdrawal {
        withdrawals::get(app, &call, request).await?
    }
    fn list_withdrawals(app, call, request: ListWithdrawalsRequest) -> ListWithdrawalsResponse {
        withdrawals::list(app, &call, request).await?
    }
}
