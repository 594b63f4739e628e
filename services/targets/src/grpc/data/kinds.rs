//! Closed vocabularies between the domain and the wire.

use proto::{targets::v1 as pb, types::v1::Unit};

use crate::domain::{
    case_mix::{Measure, Mode, PmsiField},
    geography::AreaKind,
    nomenclature::NomenclatureKind,
    territory::TerritoryKind,
};

/// Both directions of a vocabulary whose wire has one value more: nothing said.
macro_rules! vocabulary {
    ($read:ident, $write:ident: $wire:ty => $domain:ty { $($value:ident = $code:ident),+ $(,)? }) => {
        pub(crate) fn $read(wire: $wire) -> Option<$domain> {
            match wire {
                <$wire>::Unspecified => None,
                $(<$wire>::$code => Some(<$domain>::$value),)+
            }
        }

        pub(crate) fn $write(value: $domain) -> $wire {
            match value {
                $(<$domain>::$value => <$wire>::$code,)+
            }
        }
    };
}

vocabulary!(nomenclature, write_nomenclature: pb::NomenclatureKind => NomenclatureKind {
    CareActivities = CareActivities,
    FormerCareActivities = FormerCareActivities,
    Forms = Forms,
    GhmGroups = GhmGroups,
    FinessCategories = FinessCategories,
    LegalStatuses = LegalStatuses,
    Competences = Competences,
    Geography = Geography,
    MajorActivities = MajorActivities,
    GmeGroups = GmeGroups,
});

vocabulary!(territory, write_territory: pb::TerritoryKind => TerritoryKind {
    HealthTerritory = HealthTerritory,
    SchemeZone = SchemeZone,
    HealthDemocracy = HealthDemocracy,
    HospitalGroup = HospitalGroup,
    Department = Department,
    Region = Region,
    Epci = Epci,
    PmsiGeo = PmsiGeo,
});

vocabulary!(area, write_area: pb::AreaKind => AreaKind {
    Commune = Commune,
    Department = Department,
});

vocabulary!(field, write_field: pb::PmsiField => PmsiField {
    Mco = Mco,
    Smr = Smr,
    Had = Had,
    Psy = Psy,
});

/// Writes a mode; nothing on the wire asks for one.
pub(crate) fn write_mode(mode: Mode) -> pb::CaseMixMode {
    match mode {
        Mode::Full => pb::CaseMixMode::Full,
        Mode::Ambulatory => pb::CaseMixMode::Ambulatory,
        Mode::Session => pb::CaseMixMode::Session,
        Mode::PartTime => pb::CaseMixMode::PartTime,
    }
}

/// What is counted; none of the units that case-mix does not have.
pub(crate) fn measure(unit: Unit) -> Option<Measure> {
    match unit {
        Unit::Stays => Some(Measure::Stays),
        Unit::Patients => Some(Measure::Patients),
        Unit::Days => Some(Measure::Days),
        Unit::Sessions => Some(Measure::Sessions),
        _ => None,
    }
}

pub(crate) fn write_measure(measure: Measure) -> Unit {
    match measure {
        Measure::Stays => Unit::Stays,
        Measure::Patients => Unit::Patients,
        Measure::Days => Unit::Days,
        Measure::Sessions => Unit::Sessions,
    }
}
